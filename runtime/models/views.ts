/** Views of tensors. @module */
import type { WeightMap, WeightView } from "./architecture.ts";

/** A tensor in memory, row by row. */
export interface DenseTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** All views of a weight map, in its own order; a tensor may come more than once. */
export function viewsOf(weights: WeightMap): WeightView[] {
  const found: WeightView[] = [];
  const walk = (value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    if (isView(value)) found.push(value);
    else Object.values(value).forEach(walk);
  };
  walk(weights);
  return found;
}

/** Gives every view's tensor the name that `rename` returns for it. */
export function renameTensors(weights: WeightMap, rename: (name: string) => string): WeightMap {
  const walk = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (isView(value)) return { ...value, tensor: rename(value.tensor) };
    if (Array.isArray(value)) return value.map(walk);
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, walk(part)]));
  };
  return walk(weights) as WeightMap;
}

function isView(value: object): value is WeightView {
  return "tensor" in value && "steps" in value;
}
