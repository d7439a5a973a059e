/** Batches to learn from: every example once per round, those of one length together. @module */
import { bucketByLength, type Example } from "../../tasks/mod.ts";
import { type Random, randomFrom } from "../../../base/random.ts";

/**
 * An endless supply of batches of `size` positions in `examples`. Within a round every example is used once;
 * what does not fill a batch of its length waits for the next round.
 */
export function* drawBatches(
  examples: readonly Pick<Example, "cleanTokens">[],
  size: number,
  random: Random,
  exactLengths = false,
): Generator<readonly number[], never> {
  const buckets = bucketByLength(examples, size, exactLengths ? 0 : undefined);
  const waiting: number[][] = buckets.map(() => []);
  while (true) {
    const round: number[][] = [];
    buckets.forEach(({ members }, b) => {
      const deck = [...waiting[b], ...random.shuffle([...members])];
      const batch = Math.min(size, members.length);
      while (deck.length >= batch) round.push(deck.splice(0, batch));
      waiting[b] = deck;
    });
    yield* random.shuffle(round);
  }
}

/** The batches of a training by its seed. */
export const batchesOf = (
  examples: readonly Pick<Example, "cleanTokens">[],
  { batch, seed }: { readonly batch: number; readonly seed: number },
  exactLengths: boolean,
) => drawBatches(examples, batch, randomFrom(seed, "batches"), exactLengths);
