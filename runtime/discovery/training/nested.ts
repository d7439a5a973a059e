/**
 * The nested family of circuits that one run of Edge Pruning passes through: edges in the order in which their masks closed.
 *
 * As the sparsity climbs, masks close one after another. An edge closes after the last step at which its mask was open more
 * likely than not. The n edges that stayed open longest are the run's circuit of n edges; each contains all smaller ones, so
 * that a whole curve of faithfulness over size costs one run.
 *
 * @module
 */
import { type EdgeGates, openProbabilityOf } from "./edge_masks.ts";

/** Writes the step into `lastOpen` [edges] for every edge whose mask is open more likely than not. */
export function recordOpen(lastOpen: Int32Array, gates: EdgeGates, step: number): void {
  for (let edge = 0; edge < lastOpen.length; edge++) {
    if (openProbabilityOf(gates, edge) >= 0.5) lastOpen[edge] = step;
  }
}

/**
 * Scores [edges] whose order is the family's: kept edges have their own scores; all others come below the least of these, by
 * the step of `lastOpen` and, where that is the same, by their own score. Below the kept ones only the order has a meaning.
 * NaN stays.
 */
export function nestedScores(
  scores: Float32Array,
  kept: Uint32Array,
  lastOpen: Int32Array,
): Float32Array {
  const inside = new Uint8Array(scores.length);
  for (const edge of kept) inside[edge] = 1;
  const others = Array.from(scores.keys()).filter((edge) =>
    inside[edge] === 0 && !Number.isNaN(scores[edge])
  ).sort((a, b) => lastOpen[b] - lastOpen[a] || scores[b] - scores[a] || a - b);
  const least = kept.reduce((least, edge) => Math.min(least, scores[edge]), Infinity);
  const top = Number.isFinite(least) ? least : 0;
  const nested = scores.slice();
  others.forEach((edge, place) => nested[edge] = top - 1 - place / others.length);
  return nested;
}
