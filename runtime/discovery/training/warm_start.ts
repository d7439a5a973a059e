/** A warm start: scores to begin with, of which only the order is taken over. @module */

/** Places of scores [edges] in (0, 1), the worst first. Unknown scores (NaN) are the worst; equal ones stay in their own order. */
export function quantilesOf(scores: ArrayLike<number>): Float64Array {
  const count = scores.length;
  const value = (i: number) => Number.isNaN(scores[i]) ? -Infinity : scores[i];
  const quantiles = new Float64Array(count);
  Array.from(quantiles.keys()).sort((a, b) => value(a) - value(b) || a - b)
    .forEach((i, rank) => quantiles[i] = (rank + 0.5) / count);
  return quantiles;
}
