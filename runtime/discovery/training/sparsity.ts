/**
 * Sparsity over time: what share of edges (or writers) should be closed at a step.
 *
 * @module
 */
import { shapes, type SparsityShape } from "./shapes.ts";

export interface SparsitySchedule {
  /** Share closed when the climb begins and when it ends, in [0, 1]. */
  readonly from: number;
  readonly to: number;
  /** Steps that the climb takes, after the warm-up; then the target stays. */
  readonly over: number;
  /** The way from one to the other. */
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

function interpolate(points: readonly (readonly [number, number])[], step: number): number {
  if (step <= points[0][0]) return points[0][1];
  for (let i = 1; i < points.length; i++) {
    const [start, a] = points[i - 1];
    const [end, b] = points[i];
    if (step <= end) return a + (b - a) * (step - start) / (end - start);
  }
  return points.at(-1)![1];
}
