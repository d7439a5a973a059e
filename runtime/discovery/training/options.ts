/**
 * Options of every method that learns masks step by step, their defaults, and their ranges.
 *
 * @module
 */
import { DiscoveryError } from "../method.ts";
import type { Keep } from "../selection/selection.ts";
import type { SparsitySchedule } from "./sparsity.ts";

export interface TrainingOptions {
  /** `kl`, the task's own `metric`, or a metric by name that has a gradient. */
  readonly objective: string;
  readonly steps: number;
  /** Examples a step. */
  readonly batch: number;
  /** Adam's learning rate of what is learned, and of the constraint's multipliers. */
  readonly maskRate: number;
  readonly multiplierRate: number;
  /** Steps during which the rate of what is learned rises, and nothing closes. */
  readonly warmUp: number;
  /** Share of the steps after the warm-up during which the number of open edges falls by equal factors; then it stays. */
  readonly fall: number;
  /** Sparsity over the steps, over all edges of the universe, in place of `fall`. */
  readonly edgeSparsity?: SparsitySchedule;
  readonly keep: Exclude<Keep, { readonly above: number }>;
  readonly seed: number;
  /** Only these edges may be open. Default: all. */
  readonly within?: Uint32Array;
  /** Scores to start from, [edges]: the better a score, the more open a mask starts. NaN for unknown. */
  readonly warmStart?: Float32Array;
}

export const trainingDefaults: TrainingOptions = {
  objective: "kl",
  steps: 600,
  batch: 32,
  maskRate: 0.15,
  multiplierRate: 0.2,
  warmUp: 0,
  fall: 0.7,
  keep: { share: 0.05 },
  seed: 0,
};

/** Options that the training itself reads. */
export type LearningOptions = Omit<TrainingOptions, "fall" | "keep"> & { readonly fall?: number };

/** A range of numbers: its words, and its test. */
type Range = readonly [words: string, holds: (value: number) => boolean];

export const wholeFrom = (least: number): Range => [
  `a whole number from ${least}`,
  (value) => Number.isInteger(value) && value >= least,
];
export const above0: Range = ["above 0", (value) => value > 0];
export const share: Range = ["from 0 to 1", (value) => value >= 0 && value <= 1];
export const within01: Range = ["between 0 and 1", (value) => value > 0 && value < 1];

/** @throws {DiscoveryError} if a value is out of its range; one that is left out is not */
export function requireRange(
  name: string,
  [words, holds]: Range,
  ...values: readonly (number | undefined)[]
): void {
  const wrong = values.find((value) => value !== undefined && !holds(value));
  if (wrong === undefined) return;
  throw new DiscoveryError(
    `Cannot learn masks as ${name} must be ${words}: current value is ${wrong}`,
  );
}

/** @throws {DiscoveryError} if a share of a schedule is out of range */
export function requireSchedule(name: string, schedule?: SparsitySchedule | null): void {
  if (!schedule) return;
  const { from, to, points = [] } = schedule;
  requireRange(name, share, from, to, ...points.map(([, sparsity]) => sparsity));
}

/** @throws {DiscoveryError} if an option is out of range */
export function requireTraining(options: LearningOptions, edgeCount: number): void {
  const { warmStart, within } = options;
  requireRange("steps", wholeFrom(1), options.steps);
  requireRange("batch", wholeFrom(1), options.batch);
  requireRange("warmUp", wholeFrom(0), options.warmUp);
  requireRange("maskRate", above0, options.maskRate);
  requireRange("multiplierRate", above0, options.multiplierRate);
  requireRange("fall", share, options.fall);
  requireSchedule("edgeSparsity", options.edgeSparsity);
  requireRange(
    "warmStart",
    [`one score for each of ${edgeCount} edges`, (n) => n === edgeCount],
    warmStart?.length,
  );
  requireRange("within", [
    `edges of the universe, which has ${edgeCount}`,
    (edge) => edge < edgeCount,
  ], ...within ?? []);
}
