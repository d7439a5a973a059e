/** Ablations: the values that a masked-out edge carries. @module */

/**
 * `interchange`: what the edge carries on the corrupted prompt. `zero`: nothing. `mean`: the mean over all positions
 * of some examples' corrupted prompts. `mean_by_position`: the mean over those at the same position.
 */
export type Ablation = "interchange" | "zero" | "mean" | "mean_by_position";

/** Every ablation, as the value of an edge that is cut. */
export const ablations: Readonly<Record<Ablation, string>> = {
  interchange: "its corrupted value (`interchange`)",
  zero: "`zero`",
  mean: "the `mean` over the corrupted prompts of the training examples",
  mean_by_position: "that mean by position (`mean_by_position`)",
};

/** True for the ablations whose values are means over examples. */
export const isMean = (ablation: Ablation): boolean => ablation.startsWith("mean");

/** The ablation of a name, if there is one. */
export function ablationNamed(name: unknown): Ablation | undefined {
  return typeof name === "string" && Object.hasOwn(ablations, name) ? name as Ablation : undefined;
}
