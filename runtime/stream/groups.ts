/** Groups of examples that pass through the model in one batch. @module */
import { bucketByLength } from "../tasks/mod.ts";
import type { StreamExample } from "./contract.ts";

/** Examples of one padded length, at most `batch` of them. */
export interface Group {
  readonly length: number;
  /** Positions in the list that was grouped, then -1 up to the batch size. */
  readonly rows: readonly number[];
}

/**
 * Cuts a list of padded lengths into groups of one length and at most `batch` members. A smaller group is filled up
 * to a power of two, so that few shapes are ever compiled.
 */
export function groupByLength(lengths: readonly number[], batch: number): Group[] {
  const byLength = [...Map.groupBy(lengths.keys(), (i) => lengths[i])].sort(([a], [b]) => a - b);
  return byLength.flatMap(([length, members]) => {
    const groups: Group[] = [];
    for (let start = 0; start < members.length; start += batch) {
      const rows = members.slice(start, start + batch);
      const size = Math.min(batch, 2 ** Math.ceil(Math.log2(rows.length)));
      while (rows.length < size) rows.push(-1);
      groups.push({ length, rows });
    }
    return groups;
  });
}

/**
 * Number of tokens that each example is padded to, [examples].
 *
 * @param exact leaves examples as long as they are, for models that see ahead of a position
 */
export function paddedLengths(
  sources: readonly StreamExample[],
  batch: number,
  exact: boolean,
): number[] {
  const padded = new Array<number>(sources.length);
  for (const { length, members } of bucketByLength(sources, batch, exact ? 0 : undefined)) {
    for (const member of members) padded[member] = length;
  }
  return padded;
}
