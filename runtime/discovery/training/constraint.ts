/**
 * The constraint on the expected number of open edges: the Lagrangian of Edge Pruning (Bhaskar et al. 2024,
 * arXiv:2406.16778, section 3),
 *
 *     l1 g + l2 g^2        with g = log(open / target) in place of the paper's difference of sparsities,
 *
 * which masks descend on and the multipliers l1 and l2 climb. docs/decisions.md has the reason for the logarithm.
 *
 * @module
 */
import { type AdamState, initAdam, updateAdam } from "./adam.ts";

export interface Constraint {
  /** l1 and l2, [2]. */
  readonly multipliers: Float64Array;
  readonly adam: AdamState;
}

export const startConstraint = (): Constraint => ({
  multipliers: new Float64Array(2),
  adam: initAdam(2),
});

/** Climbs one step; returns the term's derivative with respect to the number of open edges, before that step. */
export function climb(
  { multipliers, adam }: Constraint,
  open: number,
  target: number,
  rate: number,
): number {
  // At least half an edge: a target of none has no logarithm.
  const gap = Math.log(open) - Math.log(Math.max(0.5, target));
  const pressure = (multipliers[0] + 2 * multipliers[1] * gap) / open;
  updateAdam(adam, multipliers, [gap, gap * gap], -rate);
  return pressure;
}
