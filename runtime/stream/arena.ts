/**
 * Buffers by name, which grow to the largest size asked for and are used again: later passes allocate nothing.
 *
 * @module
 */
import type { View } from "../engine/session.ts";

export interface Arena {
  /** A buffer of `size` numbers, with the content that its last user left. */
  data(name: string, size: number): Float32Array;
  view(name: string, dims: readonly number[]): View & { readonly data: Float32Array };
}

export function createArena(): Arena {
  const buffers = new Map<string, Float32Array>();
  const data = (name: string, size: number): Float32Array => {
    let buffer = buffers.get(name);
    if (!buffer || buffer.length < size) buffers.set(name, buffer = new Float32Array(size));
    return buffer.subarray(0, size);
  };
  return {
    data,
    view: (name, dims) => ({
      data: data(name, dims.reduce((product, dim) => product * dim, 1)),
      dims,
    }),
  };
}

/** Adds `part` to `target`, element by element. */
export function addTo(target: Float32Array, part: Float32Array): void {
  for (let i = 0; i < target.length; i++) target[i] += part[i];
}

/** Subtracts `part` from `target`, element by element. */
export function subtractFrom(target: Float32Array, part: Float32Array): void {
  for (let i = 0; i < target.length; i++) target[i] -= part[i];
}
