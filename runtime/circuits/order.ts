/** The first of many, in an order of several keys. @module */

/** A sort key: one number per item; NaN sorts last in both directions. */
export interface Key {
  readonly values: Float64Array | Float32Array;
  readonly direction: "asc" | "desc";
}

/**
 * Indices [limit] of the first items in the order of the keys; items that are equal in all keys stay in
 * their given order. Keeps a heap of the best so far, so that ten of four million cost one pass.
 */
export function firstInOrder(count: number, keys: readonly Key[], limit = count): Uint32Array {
  const size = Math.min(limit, count);
  if (keys.length === 0) return Uint32Array.from({ length: size }, (_, i) => i);
  if (size === 0) return new Uint32Array(0);
  const compare = comparator(keys);
  if (size > count / 4) {
    return Uint32Array.from({ length: count }, (_, i) => i).sort(compare).subarray(0, size);
  }

  // heap[0] is the worst of the best `size`.
  const heap = Uint32Array.from({ length: size }, (_, i) => i);
  for (let i = (size >> 1) - 1; i >= 0; i--) sink(heap, i, compare);
  const first = keys[0].values;
  const up = keys[0].direction === "asc";
  let worst = first[heap[0]];
  for (let i = size; i < count; i++) {
    // Most items lose on the first key, and this loop is all that they cost.
    const x = first[i];
    if (up ? x > worst : x < worst) continue;
    if (compare(i, heap[0]) >= 0) continue;
    heap[0] = i;
    sink(heap, 0, compare);
    worst = first[heap[0]];
  }
  return heap.sort(compare);
}

function comparator(keys: readonly Key[]): (i: number, j: number) => number {
  return (i, j) => {
    for (const { values, direction } of keys) {
      const [x, y] = [values[i], values[j]];
      if (x === y) continue;
      const [noX, noY] = [Number.isNaN(x), Number.isNaN(y)];
      if (noX && noY) continue;
      if (noX || noY) return noX ? 1 : -1;
      return (x < y) === (direction === "asc") ? -1 : 1;
    }
    return i - j;
  };
}

function sink(heap: Uint32Array, at: number, compare: (i: number, j: number) => number): void {
  for (;;) {
    let worst = at;
    for (let child = 2 * at + 1; child <= 2 * at + 2 && child < heap.length; child++) {
      if (compare(heap[child], heap[worst]) > 0) worst = child;
    }
    if (worst === at) return;
    [heap[at], heap[worst]] = [heap[worst], heap[at]];
    at = worst;
  }
}
