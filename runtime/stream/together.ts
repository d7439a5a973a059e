/**
 * Several masks in one pass: each has rows of the batch for itself, with the same examples in them.
 *
 * Mixing is one product for all rows, so it is made with the masks that all have in common, the least of each edge; what
 * one of them opens further is then added to its own rows. That is cheap where masks differ in few edges, as those do
 * that a sweep tries one after another, and it only ever adds, so that nothing cancels.
 *
 * @module
 */
import type { Universe } from "../universe/universe.ts";
import type { Pass } from "./context.ts";
import type { ownEdges } from "./extent.ts";
import { block } from "./layout.ts";

/** One of several masks: its rows of the batch, and where it is open further than what all have in common. */
export interface Share {
  readonly firstRow: number;
  readonly endRow: number;
  /** As a matrix [readers, writers] of the universe. */
  readonly masks: Float32Array;
  /** Entries of the matrix that are greater than the common ones. */
  readonly further: Uint32Array;
}

/** What several matrices [readers, writers] have in common, and how they differ. */
export interface Together {
  /** The least of every entry. */
  readonly least: Float32Array;
  /** The greatest of every entry. */
  readonly greatest: Float32Array;
  /** Entries of each matrix that are greater than the least. */
  readonly further: readonly Uint32Array[];
}

/** How many masks fill a pass over so many examples. */
export const masksTogether = ({ batch }: { readonly batch: number }, examples: number): number =>
  Math.max(1, Math.floor(batch / examples));

export function together(matrices: readonly Float32Array[]): Together {
  const [least, greatest] = [matrices[0].slice(), matrices[0].slice()];
  for (const matrix of matrices.slice(1)) {
    matrix.forEach((value, i) => {
      if (value < least[i]) least[i] = value;
      else if (value > greatest[i]) greatest[i] = value;
    });
  }
  const differ = Uint32Array.from(
    [...least.keys()].filter((i) => least[i] !== greatest[i]),
  );
  return {
    least,
    greatest,
    further: matrices.map((matrix) => differ.filter((i) => matrix[i] > least[i])),
  };
}

/**
 * Whether one pass for all is worth it. Adding what one mask opens further goes at about a thirtieth of the speed of the
 * product, per entry and column, so beyond that share of the edges each is better off by itself.
 */
export function isNear({ further }: Together, edges: number): boolean {
  const entries = further.reduce((sum, each) => sum + each.length, 0);
  return entries <= Math.max(further.length, further.length * edges / 32);
}

/** Shares of a pass in which row after row belongs to the mask `maskOfRow` says, -1 for rows that only fill the batch. */
export function sharesOf(
  maskOfRow: readonly number[],
  matrices: readonly Float32Array[],
  { further }: Together,
): Share[] {
  return matrices.flatMap((masks, m) => {
    const firstRow = maskOfRow.indexOf(m);
    if (firstRow < 0) return [];
    return [{ firstRow, endRow: maskOfRow.lastIndexOf(m) + 1, masks, further: further[m] }];
  });
}

/**
 * Adds to what readers read what their row's mask opens further.
 *
 * @param mixes [readers, batch * columns]
 * @param stack [writers, batch * columns], as the extent lists them
 * @param readers universe's numbers of the rows of `mixes`
 * @param writers how many rows of the stack are read
 * @param columns per row of the batch
 */
export function addFurther(
  { writers: { length: stride } }: Universe,
  { extent, masks, shares, plan }: Pass,
  mixes: Float32Array,
  stack: Float32Array,
  readers: readonly number[],
  writers: number,
  columns: number,
): void {
  if (shares.length === 0) return;
  const readerRow = new Map(readers.map((reader, row) => [reader, row]));
  const writerRow = new Map(extent.writers.slice(0, writers).map((writer, row) => [writer, row]));
  const all = plan.shape.batch * columns;
  for (const share of shares) {
    const [first, end] = [share.firstRow * columns, share.endRow * columns];
    for (const entry of share.further) {
      const writer = entry % stride;
      const to = readerRow.get((entry - writer) / stride);
      const from = writerRow.get(writer);
      // What is not computed adds nothing.
      if (to === undefined || from === undefined || !extent.alive[writer]) continue;
      const more = share.masks[entry] - masks[entry];
      const source = from * all;
      const target = to * all;
      for (let i = first; i < end; i++) mixes[target + i] += more * stack[source + i];
    }
  }
}

/**
 * Masks of a layer's own edges, its heads to its MLP, row by row of the batch, [batch, 1, heads]; null where all rows have
 * the same.
 */
export function ownMasksByRow(
  { writers: { length: stride } }: Universe,
  { masks, shares, plan }: Pass,
  { rows: [reader], columns }: ReturnType<typeof ownEdges>,
): Float32Array | null {
  if (shares.length === 0) return null;
  const own = new Set(columns.map((writer) => reader * stride + writer));
  if (!shares.some(({ further }) => further.some((entry) => own.has(entry)))) return null;
  const out = new Float32Array(plan.shape.batch * columns.length);
  const fill = (matrix: Float32Array, firstRow: number, endRow: number) => {
    const part = block(matrix, stride, [reader], columns);
    for (let row = firstRow; row < endRow; row++) out.set(part, row * columns.length);
  };
  fill(masks, 0, plan.shape.batch);
  for (const { masks, firstRow, endRow } of shares) fill(masks, firstRow, endRow);
  return out;
}
