/** Shares rows out to splits so that no two splits have a clean prompt in common. @module */
import { randomFrom } from "../../../base/random.ts";
import { bySplit, SPLITS } from "../definition.ts";
import { TaskError } from "../error.ts";
import type { Split } from "../task.ts";

/** Shares of a file that is split without counts, in the order in which they are taken. */
const SHARES = { test: 0.2, validation: 0.2, train: 0.6 };

/**
 * Row numbers of each split, of one file whose rows have these clean prompts.
 *
 * Rows with the same clean prompt stay together. Test is taken first, then validation, then train, from one shuffled
 * list, so asking for more training rows does not change what is tested. What a split has no room for of a repeated
 * prompt is left out.
 *
 * @param counts examples asked for; without any, all rows are shared, about 60 : 20 : 20
 * @throws {TaskError} when the rows do not suffice
 */
export function splitRows(
  cleanPrompts: readonly string[],
  counts: Partial<Readonly<Record<Split, number>>> | undefined,
  seed: number,
  name: string,
): Record<Split, number[]> {
  const groups = Map.groupBy(cleanPrompts.keys(), (row) => cleanPrompts[row]);
  const order = randomFrom(seed, "split of a file").shuffle([...groups.values()]);
  const rows = cleanPrompts.length;
  const wanted = counts ?? bySplit((part) => Math.round(SHARES[part] * rows));
  const split = bySplit<number[]>(() => []);
  let next = 0;
  for (const part of Object.keys(SHARES) as Split[]) {
    const room = counts === undefined && part === "train" ? rows : wanted[part] ?? 0;
    while (split[part].length < room && next < order.length) {
      const group = order[next++];
      split[part].push(...counts === undefined ? group : group.slice(0, room - split[part].length));
    }
  }
  if (counts !== undefined && SPLITS.some((part) => split[part].length < (counts[part] ?? 0))) {
    const asked = SPLITS.reduce((sum, part) => sum + (counts[part] ?? 0), 0);
    throw new TaskError(
      name,
      `there are ${rows} rows with ${groups.size} different clean prompts, and ${asked} examples are asked for`,
      "rows with the same clean prompt are not shared between splits",
    );
  }
  return split;
}

/** The error for clean prompts, known by their keys, that occur in two splits; undefined where there are none. */
export function overlapOf(
  rows: Readonly<Record<Split, readonly { readonly key: string; readonly place: string }[]>>,
  name: string,
): TaskError | undefined {
  const seen = new Map<string, { split: Split; place: string }>();
  let count = 0;
  let first = "";
  for (const split of SPLITS) {
    for (const { key, place } of rows[split]) {
      const other = seen.get(key);
      if (other === undefined) {
        seen.set(key, { split, place });
      } else if (other.split !== split) {
        count++;
        first ||= `${place} (${split}) repeats ${other.place} (${other.split})`;
      }
    }
  }
  if (count === 0) return undefined;
  const prompts = count === 1 ? "a clean prompt occurs" : `${count} clean prompts occur`;
  return new TaskError(
    name,
    `${prompts} in another split too: ${first}`,
    "splits must not share prompts, or what is measured was also learnt from: remove them from one of the two",
  );
}
