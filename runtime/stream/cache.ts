/**
 * Values of an example that no mask changes, computed once: the corrupted run, the embeddings' differences, and the full
 * model's log-probabilities at the answer.
 *
 * An example of T tokens has one block of numbers: its fields one after another, each [T, columns].
 *
 * @module
 */
import type { Architecture } from "../models/mod.ts";
import type { Universe } from "../universe/universe.ts";

/** A part of a block: `columns` numbers per token. */
export interface Field {
  readonly name: string;
  readonly columns: number;
  /** Columns of all fields before it. */
  readonly start: number;
}

export interface BlockLayout {
  readonly fields: ReadonlyMap<string, Field>;
  /** Numbers per token. */
  readonly columns: number;
}

/** The fields of a block: `difference.E` per embedding writer; `before`, `heads`, `attention` and `mlp` per layer. */
export function blockLayout(architecture: Architecture, universe: Universe): BlockLayout {
  const { width, heads, headSize, layers } = architecture;
  const columns: [string, number][] = [];
  const embeddings = universe.writers.filter(({ layer }) => layer < 0).length;
  for (let e = 0; e < embeddings; e++) columns.push([`difference.${e}`, width]);
  for (let layer = 0; layer < layers; layer++) {
    columns.push([`before.${layer}`, width], [`heads.${layer}`, heads * headSize]);
    columns.push([`attention.${layer}`, width], [`mlp.${layer}`, width]);
  }
  const fields = new Map<string, Field>();
  let start = 0;
  for (const [name, count] of columns) {
    fields.set(name, { name, columns: count, start });
    start += count;
  }
  return { fields, columns: start };
}

/** An example as passes use it. */
export interface CachedExample {
  /** Number of tokens, T. */
  readonly length: number;
  /** The block, [T * columns]; null where the memory budget has no room, so that it is computed at every use. */
  block: Float32Array | null;
  /** Corrupted stream after the last layer at the answer, [D]. */
  readonly final: Float32Array;
  /** The full model's log-probabilities on the clean prompt at the answer, [vocabulary]. */
  readonly target: Float32Array;
}

/** A field of one example's block, [length, columns]. */
export function fieldOf(
  block: Float32Array,
  layout: BlockLayout,
  length: number,
  name: string,
): Float32Array {
  const { start, columns } = layout.fields.get(name)!;
  return block.subarray(start * length, (start + columns) * length);
}

/** Copies a field of each example into batch order, [batch, padded, columns]; padding is zero. */
export function gatherField(
  examples: readonly CachedExample[],
  layout: BlockLayout,
  name: string,
  padded: number,
  target: Float32Array,
): void {
  const { columns } = layout.fields.get(name)!;
  examples.forEach(({ block, length }, i) => {
    const at = i * padded * columns;
    target.set(fieldOf(block!, layout, length, name), at);
    target.fill(0, at + length * columns, at + padded * columns);
  });
}

export function bytesPerExample(layout: BlockLayout, length: number): number {
  return 4 * layout.columns * length;
}
