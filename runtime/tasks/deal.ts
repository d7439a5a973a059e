/** Shares out a stream of different prompts to splits. @module */
import { bySplit, SPLITS } from "./definition.ts";
import type { Split } from "./task.ts";

/**
 * Deals the stream's items to train, validation and test in turn until each has as many as it asks for, so that a
 * split's items do not depend on how many the others ask for. Only when the stream ends early are the items that full
 * splits passed over given to the others.
 *
 * @param stream makes the items, given how many all splits ask for together
 * @param few makes the error for a stream of too few items
 */
export function dealSplits<T>(
  stream: (asked: number) => Iterable<T>,
  asked: Readonly<Record<Split, number>>,
  few: (found: number, asked: number) => Error,
): Record<Split, T[]> {
  const dealt = bySplit<T[]>(() => []);
  const full = (split: Split) => dealt[split].length >= asked[split];
  const total = SPLITS.reduce((sum, split) => sum + asked[split], 0);
  const spare: T[] = [];
  let turn = 0;
  if (total === 0) return dealt;
  for (const item of stream(total)) {
    const split = SPLITS[turn++ % SPLITS.length];
    if (!full(split)) dealt[split].push(item);
    else if (spare.length < total) spare.push(item);
    if (SPLITS.every(full)) break;
  }
  let used = 0;
  for (const split of SPLITS) {
    while (!full(split) && used < spare.length) dealt[split].push(spare[used++]);
  }
  const found = SPLITS.reduce((sum, split) => sum + dealt[split].length, 0);
  if (found < total) throw few(found, total);
  return dealt;
}
