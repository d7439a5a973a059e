/** Sparsity over the steps of a training: the share of edges (or writers) that should be closed. @module */
import type { LearningOptions } from "./method.ts";
import { shapes, type SparsityShape } from "./shapes.ts";

type TargetOptions = Pick<LearningOptions, "steps" | "warmUp" | "fall" | "edgeSparsity">;

/** Sparsity over the steps of a training: the share of edges that are to be closed. */
export interface SparsitySchedule {
  /** Sparsity at the start of the climb, in [0, 1]. */
  readonly from: number;
  /** Sparsity at the end of the climb, in [0, 1]; it stays for the remaining steps. */
  readonly to: number;
  /** Number of steps of the climb, which follows the warm-up. */
  readonly over: number;
  /** Shape of the climb. */
  readonly shape: SparsityShape;
  /** Points (step, sparsity), ascending in step, that replace all of the above. */
  readonly points?: readonly (readonly [number, number])[];
}

/**
 * Target sparsity at a step (from 0).
 *
 * @param warmUp steps before the climb begins
 */
export function sparsityAt(schedule: SparsitySchedule, step: number, warmUp: number): number {
  const { from, to, over, shape, points } = schedule;
  if (points) return interpolate(points, step);
  const share = over <= 0
    ? (step >= warmUp ? 1 : 0)
    : Math.min(1, Math.max(0, (step - warmUp) / over));
  return shapes[shape].between(from, to, share);
}

/** Sparsity that a schedule ends at, in [0, 1]. */
export const endOf = ({ to, points }: SparsitySchedule): number => points ? points.at(-1)![1] : to;

/** A schedule of the same course that ends at another sparsity: all values are scaled about the first one. */
export function endingAt(schedule: SparsitySchedule, end: number): SparsitySchedule {
  const { from, points } = schedule;
  if (!points) return { ...schedule, to: end };
  const first = points[0][1];
  const span = endOf(schedule) - first;
  const scaled = (value: number) =>
    span === 0 ? end : first + (value - first) * (end - first) / span;
  return {
    ...schedule,
    from,
    to: end,
    points: points.map(([step, value]) => [step, scaled(value)]),
  };
}

/** The number of edges that should be open, and the sparsity over all edges of the universe that it is. */
export interface Target {
  readonly open: number;
  readonly sparsity: number;
}

/**
 * Target of a training at a step (from 0): as its schedule says, or else from all edges that may be open to the budget, by
 * equal factors during a share of the steps after the warm-up.
 *
 * @param count edges that may be open
 */
export function targetAt(
  { steps, warmUp, fall = 1, edgeSparsity }: TargetOptions,
  { edgeCount, count, budget }: Readonly<Record<"edgeCount" | "count" | "budget", number>>,
  step: number,
): Target {
  if (edgeSparsity) {
    const sparsity = sparsityAt(edgeSparsity, step, warmUp);
    // A schedule that begins above what a restriction leaves would pull edges open that should compete from the start.
    return { open: Math.min(count, Math.max(0.5, edgeCount * (1 - sparsity))), sparsity };
  }
  const falling = Math.max(1, fall * (steps - warmUp));
  const share = Math.min(1, Math.max(0, step - warmUp) / falling);
  const open = count * (Math.max(0.5, budget) / Math.max(1, count)) ** share;
  return { open, sparsity: 1 - open / edgeCount };
}

function interpolate(points: readonly (readonly [number, number])[], step: number): number {
  if (step <= points[0][0]) return points[0][1];
  for (let i = 1; i < points.length; i++) {
    const [start, a] = points[i - 1];
    const [end, b] = points[i];
    if (step <= end) return a + (b - a) * (step - start) / (end - start);
  }
  return points.at(-1)![1];
}
