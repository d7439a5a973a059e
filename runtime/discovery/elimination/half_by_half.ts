/**
 * Order of a circuit's edges in which its smaller circuits stay good: the edges that matter least go first, half by half.
 *
 * Each round estimates the effect of every edge that is left by the integrated gradient of the loss by the masks, on the
 * straight way from all of them closed to all of them open (Sundararajan et al. 2017, arXiv:1703.01365, at the midpoints of
 * equal intervals), and the half with the least effect goes. What an edge does depends on which others are there, so that a
 * single round orders the small circuits badly.
 *
 * @module
 */
import { maskOf, type Universe } from "../../universe/universe.ts";
import type { Objective } from "../objective.ts";
import { HALVING_POINTS } from "./options.ts";

/**
 * The edges [edges] in the order in which they go, the least important first; null if it was stopped.
 *
 * @param chosen places of the examples to measure on
 */
export async function halfByHalf(
  objective: Objective,
  universe: Universe,
  edges: Uint32Array,
  chosen: readonly number[],
  signal?: AbortSignal,
): Promise<Uint32Array | null> {
  const order: number[] = [];
  const left = Array.from(edges);
  while (left.length > 0) {
    const effect = new Float64Array(universe.edgeCount);
    const open = maskOf(universe, left);
    for (let point = 0; point < HALVING_POINTS; point++) {
      if (signal?.aborted) return null;
      const z = open.map((mask) => mask * (point + 0.5) / HALVING_POINTS);
      const { gradient } = await objective.gradient(z, chosen);
      for (const edge of left) effect[edge] -= gradient[edge] / HALVING_POINTS;
    }
    left.sort((a, b) => effect[a] - effect[b] || b - a);
    order.push(...left.splice(0, Math.ceil(left.length / 2)));
  }
  return Uint32Array.from(order);
}

/** Scores [edges] whose order over some edges is the given one, the least first: their own values, made to differ. */
export function inOrder(scores: Float32Array, order: Uint32Array): Float32Array {
  const values = Float32Array.from(order, (edge) => scores[edge]).sort();
  const ordered = scores.slice();
  order.forEach((edge, i) => {
    ordered[edge] = i === 0 ? values[0] : Math.max(values[i], nextAbove(ordered[order[i - 1]]));
  });
  return ordered;
}

const bits = new Int32Array(1);
const asFloat = new Float32Array(bits.buffer);

/** The float32 after a finite one. */
function nextAbove(value: number): number {
  asFloat[0] = value === 0 ? 0 : value;
  bits[0] += value < 0 ? -1 : 1;
  return asFloat[0];
}
