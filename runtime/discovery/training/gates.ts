/**
 * Hard-concrete gates that are learned under a constraint on the number of open edges: those of Edge Pruning and node
 * pruning. A gate opens one edge or several.
 *
 * @module
 */
import { type AdamState, initAdam, updateAdam } from "./adam.ts";
import { climb, type Constraint, startConstraint } from "./constraint.ts";
import { openProbability, openSlope, sample } from "./hard_concrete.ts";

export interface Gates {
  /** [gates] */
  readonly logAlpha: Float64Array;
  /** Number of edges that each gate opens, [gates]: the constraint counts edges. */
  readonly size: Float64Array;
  readonly adam: AdamState;
  readonly constraint: Constraint;
}

/** Gates with the given log alphas [gates] that have learned nothing yet. */
export function startGates(logAlpha: Float64Array, size: Float64Array): Gates {
  return { logAlpha, size, adam: initAdam(logAlpha.length), constraint: startConstraint() };
}

/**
 * One draw of every gate: its value z in [0, 1], and the slope dz / d log alpha, [gates] each.
 *
 * @param noise uniform in (0, 1), [gates]
 */
export function drawGates({ logAlpha }: Gates, noise: ArrayLike<number>) {
  const z = new Float64Array(logAlpha.length);
  const slope = new Float64Array(logAlpha.length);
  for (let i = 0; i < z.length; i++) {
    const drawn = sample(logAlpha[i], noise[i]);
    z[i] = drawn.z;
    slope[i] = drawn.slope;
  }
  return { z, slope };
}

/** Expected number of open edges: the gates' expected L0 norm (Louizos et al. 2018, arXiv:1712.01312), weighted by their sizes. */
function expectedOpen({ logAlpha, size }: Gates): number {
  let open = 0;
  for (let i = 0; i < logAlpha.length; i++) open += size[i] * openProbability(logAlpha[i]);
  return open;
}

/** A step of gates: the number of edges to be open, and Adam's rates of gates and multipliers. */
export interface GateStep {
  readonly target: number;
  readonly rate: number;
  readonly multiplierRate: number;
}

/**
 * Descends on the loss and the constraint.
 *
 * @param gradient derivatives of the loss with respect to the log alphas, [gates]; changed in place
 * @returns edges that were expected to be open before the step
 */
export function updateGates(
  gates: Gates,
  gradient: Float64Array,
  { target, rate, multiplierRate }: GateStep,
): number {
  const { logAlpha, size, adam, constraint } = gates;
  const open = expectedOpen(gates);
  const pressure = climb(constraint, open, target, multiplierRate);
  for (let i = 0; i < logAlpha.length; i++) {
    gradient[i] += pressure * size[i] * openSlope(logAlpha[i]);
  }
  updateAdam(adam, logAlpha, gradient, rate);
  return open;
}
