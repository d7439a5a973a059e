/**
 * What is computed once per example and used at every step: the corrupted run, the embeddings' differences,
 * and the full model's log-probabilities at the answer.
 *
 * An example of T tokens has one block of numbers, `fields` one after another, each [T, columns].
 *
 * @module
 */
import type { Architecture } from "../models/architecture.ts";
import type { Universe } from "../universe/universe.ts";

/** A part of a block. `final` has one row, the others one per token. */
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

/** One example as the passes want it. */
export interface CachedExample {
  /** Tokens. */
  readonly length: number;
  /** The block, or null when the memory budget has no room: it is computed again when needed. */
  block: Float32Array | null;
  /** Corrupted stream after the last layer at the row that is read, [D]. */
  readonly final: Float32Array;
  /** Full model's log-probabilities on the clean prompt at that row, [vocabulary]. */
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

/** Bytes that one example takes. */
export function bytesPerExample(layout: BlockLayout, length: number): number {
  return 4 * layout.columns * length;
}
