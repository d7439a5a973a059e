/**
 * Hard-concrete gates that are learned under a constraint on how many are open: what Edge Pruning, node pruning and the
 * hybrid train. What a gate opens is up to the caller.
 *
 * @module
 */
import { type AdamState, initAdam, updateAdam } from "./adam.ts";
import { logAlphaFor, openProbability, openSlope, sample } from "./hard_concrete.ts";
import type { Random } from "../../../base/random.ts";
import { ranksOf } from "../selection/ranks.ts";

export interface Gates {
  readonly logAlpha: Float64Array;
  /** How many edges each gate stands for; the constraint counts edges. */
  readonly size: Float64Array;
  readonly adam: AdamState;
  /** Multipliers of the gap and of its square, which climb. */
  readonly multipliers: Float64Array;
  readonly multiplierAdam: AdamState;
}

/**
 * Gates that are open with one probability, spread by half a unit of log-odds either way where scores are given: the
 * better a score, the more open.
 */
export function startGates(size: Float64Array, open: number, scores?: ArrayLike<number>): Gates {
  const count = size.length;
  const logAlpha = new Float64Array(count).fill(logAlphaFor(open));
  if (scores) {
    ranksOf(scores, count).forEach((rank, gate) => logAlpha[gate] += (rank + 0.5) / count - 0.5);
  }
  return gatesAt(logAlpha, size);
}

/** Gates with the given log alphas that have learned nothing yet. */
export function gatesAt(logAlpha: Float64Array, size: Float64Array): Gates {
  return {
    logAlpha,
    size,
    adam: initAdam(logAlpha.length),
    multipliers: new Float64Array(2),
    multiplierAdam: initAdam(2),
  };
}

/** One draw of every gate: its value, and the value's derivative by log alpha. */
export function drawGates(
  { logAlpha }: Gates,
  random: Random,
): { readonly z: Float64Array; readonly slope: Float64Array } {
  const z = new Float64Array(logAlpha.length);
  const slope = new Float64Array(logAlpha.length);
  for (let i = 0; i < z.length; i++) {
    const drawn = sample(logAlpha[i], random.openUniform());
    z[i] = drawn.z;
    slope[i] = drawn.slope;
  }
  return { z, slope };
}

/** Edges that are expected to be open. */
export function expectedOpen({ logAlpha, size }: Gates): number {
  let open = 0;
  for (let i = 0; i < logAlpha.length; i++) open += size[i] * openProbability(logAlpha[i]);
  return open;
}

/**
 * Descends the loss, whose gradient by log alpha is given, under the constraint that `target` edges are open in
 * expectation: l1 g + l2 g^2 with g = log(open / target), where l1 and l2 climb.
 *
 * @returns edges that were expected to be open before the step
 */
export function updateGates(
  gates: Gates,
  gradient: Float64Array,
  target: number,
  rate: number,
  multiplierRate: number,
): number {
  const { logAlpha, size, adam, multipliers, multiplierAdam } = gates;
  const open = expectedOpen(gates);
  // At least half an edge: a target of none has no logarithm.
  const gap = Math.log(open) - Math.log(Math.max(0.5, target));
  const pressure = (multipliers[0] + 2 * multipliers[1] * gap) / open;
  for (let i = 0; i < logAlpha.length; i++) {
    gradient[i] += pressure * size[i] * openSlope(logAlpha[i]);
  }
  updateAdam(adam, logAlpha, gradient, rate);
  updateAdam(multiplierAdam, multipliers, [gap, gap * gap], -multiplierRate);
  return open;
}
