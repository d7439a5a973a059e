/** Layouts of masks: z [edges], matrices [readers, writers] of the universe, and blocks of them. @module */
import type { Universe } from "../universe/universe.ts";

/** Masks z [edges] as a matrix [readers, writers]. Edges that the universe does not count are open. */
export function maskMatrix(universe: Universe, z: ArrayLike<number>): Float32Array {
  const { readers, writers, firstWriter, offset } = universe;
  const matrix = new Float32Array(readers.length * writers.length);
  readers.forEach(({ prefix }, r) => {
    const row = r * writers.length;
    const edges = offset[r] - firstWriter;
    matrix.fill(1, row, row + firstWriter);
    for (let w = firstWriter; w < prefix; w++) matrix[row + w] = z[edges + w];
  });
  return matrix;
}

/** Entries of a matrix [readers, writers] that are edges, [edges]: the inverse of {@link maskMatrix}. */
export function edgesOfMatrix(universe: Universe, matrix: Float32Array): Float32Array {
  const { readers, writers, firstWriter, offset } = universe;
  const edges = new Float32Array(universe.edgeCount);
  readers.forEach(({ prefix }, r) => {
    const row = r * writers.length;
    edges.set(matrix.subarray(row + firstWriter, row + prefix), offset[r]);
  });
  return edges;
}

/**
 * Copies rows and columns of a matrix, [rows, columns + extra].
 *
 * @param stride columns of the matrix
 * @param extra columns of 1 on the right
 */
export function block(
  matrix: Float32Array,
  stride: number,
  rows: readonly number[],
  columns: readonly number[],
  extra = 0,
): Float32Array {
  const width = columns.length + extra;
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    const at = i * width;
    for (let j = 0; j < columns.length; j++) out[at + j] = matrix[row * stride + columns[j]];
    out.fill(1, at + columns.length, at + width);
  });
  return out;
}

/**
 * Adds a block [rows, columns] to rows and columns of a matrix.
 *
 * @param stride columns of the matrix
 */
export function addBlock(
  matrix: Float32Array,
  stride: number,
  rows: readonly number[],
  columns: readonly number[],
  part: Float32Array,
): void {
  rows.forEach((row, i) => {
    const at = i * columns.length;
    for (let j = 0; j < columns.length; j++) matrix[row * stride + columns[j]] += part[at + j];
  });
}
