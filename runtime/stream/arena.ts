/**
 * Buffers by name, which grow to the largest size asked for and are used again: later passes allocate nothing.
 *
 * @module
 */
import { sizeOf } from "../../ops/mod.ts";

export type Arena = ReturnType<typeof createArena>;

export function createArena() {
  const buffers = new Map<string, Float32Array>();
  /** A buffer of `size` numbers, with the content that its last user left. */
  const data = (name: string, size: number): Float32Array => {
    let buffer = buffers.get(name);
    if (!buffer || buffer.length < size) buffers.set(name, buffer = new Float32Array(size));
    return buffer.subarray(0, size);
  };
  return {
    data,
    view: (name: string, dims: readonly number[]) => ({ data: data(name, sizeOf(dims)), dims }),
  };
}

/** Adds `part` to `target`, element by element, [elements]. */
export function addTo(target: Float32Array, part: Float32Array): void {
  for (let i = 0; i < target.length; i++) target[i] += part[i];
}

/** Subtracts `part` from `target`, element by element, [elements]. */
export function subtractFrom(target: Float32Array, part: Float32Array): void {
  for (let i = 0; i < target.length; i++) target[i] -= part[i];
}
