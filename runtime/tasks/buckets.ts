/** Batches of examples of similar length. @module */
import type { Example } from "./task.ts";

/** Examples that are padded to one length, and the batches that they form. */
export interface Bucket {
  /** Longest example, in tokens: all are padded on the right to this length. */
  readonly length: number;
  /** Positions in the list of examples, in its order. */
  readonly members: readonly number[];
  /** `members` cut into batches; all of the batch size but the last one. */
  readonly batches: readonly (readonly number[])[];
}

/** Largest share of padding among a bucket's tokens. */
export const MAX_PADDING = 0.125;

/**
 * Sorts examples into buckets by length, and each bucket into batches.
 *
 * Neighbouring lengths are merged from the shortest up as long as padding stays within `maxPadding` of the bucket's
 * tokens: few shapes, little waste. Padding on the right is harmless under causal attention, since an example is read at
 * its own last position; a model that sees ahead needs `maxPadding` 0.
 *
 * @param batch examples in a batch, at least 1
 * @param maxPadding share of a bucket's tokens, in [0, 1)
 */
export function bucketByLength(
  examples: readonly Pick<Example, "cleanTokens">[],
  batch: number,
  maxPadding: number = MAX_PADDING,
): Bucket[] {
  if (!Number.isSafeInteger(batch) || batch < 1) {
    throw new RangeError(
      `Cannot batch examples as the batch size must be a whole number from 1: current value is ${batch}`,
    );
  }
  if (!(maxPadding >= 0 && maxPadding < 1)) {
    throw new RangeError(
      `Cannot batch examples as the share of padding must be in [0, 1): current value is ${maxPadding}`,
    );
  }
  const byLength = Map.groupBy(examples.keys(), (i) => examples[i].cleanTokens.length);
  const merged: { length: number; members: number[]; tokens: number }[] = [];
  for (const [length, members] of [...byLength].sort(([a], [b]) => a - b)) {
    const tokens = length * members.length;
    const last = merged.at(-1);
    const padded = last === undefined ? 0 : length * (last.members.length + members.length);
    if (last !== undefined && padded - last.tokens - tokens <= maxPadding * padded) {
      last.length = length;
      last.members.push(...members);
      last.tokens += tokens;
    } else {
      merged.push({ length, members: [...members], tokens });
    }
  }
  return merged.map(({ length, members }) => {
    members.sort((a, b) => a - b);
    const batches: number[][] = [];
    for (let i = 0; i < members.length; i += batch) batches.push(members.slice(i, i + batch));
    return { length, members, batches };
  });
}
