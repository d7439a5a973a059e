/**
 * The nested family of circuits that one run of Edge Pruning passes through: edges in the order in which they died.
 *
 * As the sparsity climbs, masks close one after another. An edge is alive at a step while its mask is open more likely
 * than not, and it dies after the last such step (edges that come back have not died). The n edges that lived longest are
 * the run's circuit of n edges; each contains all smaller ones, so that a whole curve of faithfulness over size costs one
 * run.
 *
 * @module
 */
import { type EdgeGates, openProbabilityOf } from "./edge_masks.ts";

/** Writes the step into `lastAlive` [edges] for every edge that is alive at it. */
export function recordAlive(lastAlive: Int32Array, gates: EdgeGates, step: number): void {
  for (let edge = 0; edge < lastAlive.length; edge++) {
    if (openProbabilityOf(gates, edge) >= 0.5) lastAlive[edge] = step;
  }
}

/**
 * Scores whose order is the family's: kept edges have their own scores; all others come below the least of these, by when
 * they died and, where several did at once, by their own score. Below the kept ones only the order has a meaning. NaN stays.
 */
export function nestedScores(
  scores: Float32Array,
  kept: Uint32Array,
  lastAlive: Int32Array,
): Float32Array {
  const inside = new Uint8Array(scores.length);
  for (const edge of kept) inside[edge] = 1;
  const others = Array.from(scores.keys()).filter((edge) =>
    inside[edge] === 0 && !Number.isNaN(scores[edge])
  ).sort((a, b) => lastAlive[b] - lastAlive[a] || scores[b] - scores[a] || a - b);
  const least = kept.reduce((least, edge) => Math.min(least, scores[edge]), Infinity);
  const top = Number.isFinite(least) ? least : 0;
  const nested = scores.slice();
  others.forEach((edge, place) => nested[edge] = top - 1 - place / others.length);
  return nested;
}
