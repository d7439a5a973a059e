/**
 * Order of a circuit's edges in which its smaller circuits stay good: the edges that matter least go first, half by half.
 *
 * Each round estimates the effect of every edge that is left by integrated gradients along the masks
 * (integrated_gradients.ts), and the half with the least effect goes. What an edge does depends on which others are there, so that a
 * single round orders the small circuits badly.
 *
 * @module
 */
import { maskOf, type Universe } from "../../universe/universe.ts";
import type { Objective } from "../objective.ts";
import { integratedScores } from "../scoring/integrated_gradients.ts";
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
  const stopped = () => signal?.aborted ?? false;
  const onChosen: Objective = { ...objective, gradient: (z) => objective.gradient(z, chosen) };
  const order: number[] = [];
  const left = Array.from(edges);
  while (left.length > 0) {
    if (stopped()) return null;
    const effect = await integratedScores(
      { objective: onChosen, universe, base: maskOf(universe, left), step: () => !stopped() },
      { steps: HALVING_POINTS, integrate: "masks" },
    );
    if (stopped()) return null;
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
