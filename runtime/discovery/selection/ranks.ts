/**
 * Scores to start from, as ranks: only their order is taken over.
 *
 * @module
 */

/** Places of scores from the worst, 0, to the best; unknown ones (NaN) are worst, and equal ones stand in their own order. */
export function ranksOf(scores: ArrayLike<number>, count: number): Uint32Array {
  const value = (i: number) => Number.isNaN(scores[i]) ? -Infinity : scores[i];
  const ranks = new Uint32Array(count);
  Array.from(ranks.keys()).sort((a, b) => value(a) - value(b) || a - b)
    .forEach((i, rank) => ranks[i] = rank);
  return ranks;
}
