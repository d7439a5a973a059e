/** Faithfulness. @module */
import { EvaluationError, nameOfMetric } from "../../metrics/mod.ts";
import { type Estimate, type IntervalOptions, mean, ratioEstimate } from "../intervals.ts";
import type { Ends, Measure, MeasuredCircuit } from "./measure.ts";

export const faithfulnessMeasure: Measure = {
  name: "faithfulness",
  about:
    "The task's metric of the circuit, as a share of the way from the corrupted run to the full model. 1 is the full model.",
  source: "Wang et al. 2022, arXiv:2211.00593; Mueller et al. 2025, arXiv:2504.13151",
  needsScores: false,
  hasInterval: true,
  overSizes: true,
  fullModel: 1,
  passes: () => 1,
  value: (measured) => faithfulnessEstimate(measured),
};

/**
 * (m(circuit) - m(corrupted)) / (m(full) - m(corrupted)): 1 is the full model, 0 the corrupted run; it can leave [0, 1].
 * A ratio of means, not a mean of ratios (Wang et al. 2022; Mueller et al. 2025).
 *
 * @throws {EvaluationError} if both ends are equal, so that there is nothing to be faithful to
 */
export function faithfulness(
  value: number,
  { metric, full, corrupted }: Pick<Ends, "metric" | "full" | "corrupted">,
): number {
  if (full === corrupted) {
    throw new EvaluationError(
      `faithfulness by \`${
        nameOfMetric(metric)
      }\` has no value where the full model and the corrupted run do not differ: both have ${full}`,
    );
  }
  return (value - corrupted) / (full - corrupted);
}

/** Faithfulness when only these edges are open. */
export async function faithfulnessOf(
  { ends, values }: MeasuredCircuit,
  edges: Iterable<number>,
): Promise<number> {
  return faithfulness(mean(await values(edges)), ends);
}

/**
 * Faithfulness of a circuit with its confidence interval over the examples. Circuit, full model and corrupted run are measured on
 * the same examples.
 *
 * @throws {EvaluationError} if the full model and the corrupted run are equal
 */
export async function faithfulnessEstimate(
  { circuit, ends, values }: MeasuredCircuit,
  options: Partial<IntervalOptions> = {},
): Promise<Estimate> {
  const of = await values(circuit.edges);
  const value = faithfulness(mean(of), ends);
  const { full, corrupted } = ends.each;
  const above = (all: Float64Array) => all.map((each, i) => each - corrupted[i]);
  return { ...ratioEstimate(above(of), above(full), options), value };
}
