/**
 * Options of methods that score every edge by itself.
 *
 * @module
 */
import { inCircuit, type OptionRecords } from "../options.ts";
import type { SelectionOptions } from "../selection/selection.ts";

export interface ScoringOptions extends SelectionOptions {
  /** `kl`, the task's own `metric`, or a metric by name. */
  readonly objective: string;
  /** `magnitude`: edges that hinder count as much as edges that help. `signed`: edges that hinder come last. */
  readonly rank: "magnitude" | "signed";
}

export const scoringOptions: OptionRecords<ScoringOptions> = {
  keep: inCircuit("keep", { share: 0.05 }),
  select: inCircuit("select", "top"),
  rank: inCircuit("rank", "magnitude"),
  within: inCircuit("within"),
  objective: inCircuit("objective", "metric"),
};
