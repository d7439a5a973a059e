/**
 * Batched masks: several masks in one pass, each with rows of the batch of its own that hold the same examples.
 *
 * Mixing is one product for all rows. It takes the least of every entry over the masks, and the edges that a mask
 * opens beyond that, its extra edges, are added to the mask's own rows. Masks that a sweep tries one after another
 * differ in few edges, so that this costs little; and it only ever adds, so that nothing cancels.
 *
 * @module
 */
import type { Universe } from "../universe/universe.ts";
import type { Pass } from "./context.ts";
import { block } from "./layout.ts";
import type { ownMlpEdges } from "./live_subgraph.ts";

/** One of several masks, and its rows of the batch: `firstRow` to `endRow - 1`. */
export interface MaskRows {
  readonly firstRow: number;
  readonly endRow: number;
  /** The mask as a matrix [readers, writers] of the universe. */
  readonly masks: Float32Array;
  /** Entries of the matrix that are greater than the least of all masks. */
  readonly extraEdges: Uint32Array;
}

/** Matrices [readers, writers], entry by entry. */
export interface BatchedMasks {
  /** Least of every entry, [readers, writers]. */
  readonly least: Float32Array;
  /** Greatest of every entry, [readers, writers]. */
  readonly greatest: Float32Array;
  /** Entries of each matrix that are greater than the least. */
  readonly extraEdges: readonly Uint32Array[];
}

/**
 * Number of masks that fill a pass.
 *
 * @param batch most rows in a pass
 * @param examples rows that each mask needs
 */
export const masksPerPass = ({ batch }: { readonly batch: number }, examples: number): number =>
  Math.max(1, Math.floor(batch / examples));

/** Compares mask matrices [readers, writers], of which there is at least one. */
export function batchMasks(matrices: readonly Float32Array[]): BatchedMasks {
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
    extraEdges: matrices.map((matrix) => differ.filter((i) => matrix[i] > least[i])),
  };
}

/**
 * True where one pass for all masks costs less than a pass for each. Adding extra edges goes at about a thirtieth of the
 * speed of the product, per entry and column (measured on the CPU).
 *
 * @param edges edges of the universe
 */
export function hasFewExtraEdges({ extraEdges }: BatchedMasks, edges: number): boolean {
  const entries = extraEdges.reduce((sum, each) => sum + each.length, 0);
  return entries <= Math.max(extraEdges.length, extraEdges.length * edges / 32);
}

/**
 * The rows of each mask in a pass; masks without rows in it are left out.
 *
 * @param maskOfRow number of each row's mask, ascending, [batch]; -1 for rows that only fill the batch
 */
export function rowsOfMasks(
  maskOfRow: readonly number[],
  matrices: readonly Float32Array[],
  { extraEdges }: BatchedMasks,
): MaskRows[] {
  return matrices.flatMap((masks, m) => {
    const firstRow = maskOfRow.indexOf(m);
    if (firstRow < 0) return [];
    return [{ firstRow, endRow: maskOfRow.lastIndexOf(m) + 1, masks, extraEdges: extraEdges[m] }];
  });
}

/**
 * Adds the extra edges of each mask to what readers read in its rows.
 *
 * @param mixes [readers, batch * columns]
 * @param stack [writers, batch * columns], rows as the subgraph lists them
 * @param readers numbers in the universe of the rows of `mixes`
 * @param writers number of rows of the stack that are read
 * @param columns numbers per row of the batch
 */
export function addExtraEdges(
  { writers: { length: stride } }: Universe,
  { subgraph, masks, maskRows, sessions }: Pass,
  mixes: Float32Array,
  stack: Float32Array,
  readers: readonly number[],
  writers: number,
  columns: number,
): void {
  if (maskRows.length === 0) return;
  const readerRow = new Map(readers.map((reader, row) => [reader, row]));
  const writerRow = new Map(subgraph.writers.slice(0, writers).map((writer, row) => [writer, row]));
  const all = sessions.shape.batch * columns;
  for (const mask of maskRows) {
    const [first, end] = [mask.firstRow * columns, mask.endRow * columns];
    for (const entry of mask.extraEdges) {
      const writer = entry % stride;
      const to = readerRow.get((entry - writer) / stride);
      const from = writerRow.get(writer);
      // A writer that is not computed adds nothing.
      if (to === undefined || from === undefined || !subgraph.live[writer]) continue;
      const more = mask.masks[entry] - masks[entry];
      const source = from * all;
      const target = to * all;
      for (let i = first; i < end; i++) mixes[target + i] += more * stack[source + i];
    }
  }
}

/**
 * Masks of the edges from a layer's heads to its own MLP by row of the batch, [batch, 1, heads]; null where all rows have
 * the same.
 */
export function ownMasksByRow(
  { writers: { length: stride } }: Universe,
  { masks, maskRows, sessions }: Pass,
  { rows: [reader], columns }: ReturnType<typeof ownMlpEdges>,
): Float32Array | null {
  if (maskRows.length === 0) return null;
  const own = new Set(columns.map((writer) => reader * stride + writer));
  if (!maskRows.some(({ extraEdges }) => extraEdges.some((entry) => own.has(entry)))) return null;
  const out = new Float32Array(sessions.shape.batch * columns.length);
  const fill = (matrix: Float32Array, firstRow: number, endRow: number) => {
    const part = block(matrix, stride, [reader], columns);
    for (let row = firstRow; row < endRow; row++) out.set(part, row * columns.length);
  };
  fill(masks, 0, sessions.shape.batch);
  for (const { masks, firstRow, endRow } of maskRows) fill(masks, firstRow, endRow);
  return out;
}
