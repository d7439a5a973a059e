/**
 * Masks as matrices [readers, writers], and parts of them.
 *
 * @module
 */
import type { Universe } from "../universe/universe.ts";

/** Masks as a matrix [readers, writers], row by row: edges that the universe does not count are open. */
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

/** The edges' part of a matrix [readers, writers]: the inverse of {@link maskMatrix}. */
export function edgesOfMatrix(universe: Universe, matrix: Float32Array): Float32Array {
  const { readers, writers, firstWriter, offset } = universe;
  const edges = new Float32Array(universe.edgeCount);
  readers.forEach(({ prefix }, r) => {
    const row = r * writers.length;
    edges.set(matrix.subarray(row + firstWriter, row + prefix), offset[r]);
  });
  return edges;
}

/** Rows and columns of a matrix with `stride` columns, copied. `extra` columns of 1 stand on the right. */
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

/** Adds a small matrix to the given rows and columns of a matrix with `stride` columns. */
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
