/** Operators that give the same elements another shape or order: Reshape, Transpose. @module */
import {
  type Dims,
  GraphError,
  integersOf,
  type Operator,
  showDims,
  sizeOf,
  type Value,
} from "../graph.ts";

const Reshape: Operator = {
  name: "Reshape",
  infer: ([x], _attributes, [, shape]) => {
    const dims = integersOf(shape);
    if (sizeOf(dims) !== sizeOf(x.dims)) {
      throw new GraphError(
        `Cannot apply Reshape to ${showDims(x.dims)}: ${
          showDims(dims)
        } has another number of elements`,
      );
    }
    return [{ type: x.type, dims }];
  },
  gradient: ({ inputs: [x] }, [seed]) => [reshape(seed!, x.dims), undefined],
  cases: [{ dims: [[2, 6]], build: (x) => reshape(x, [3, 4]) }],
};

const Transpose: Operator = {
  name: "Transpose",
  infer: ([x], attributes) => {
    const permutation = attributes.perm as Dims;
    if ([...permutation].sort((a, b) => a - b).join() !== x.dims.map((_, i) => i).join()) {
      throw new GraphError(
        `Cannot apply Transpose to ${showDims(x.dims)}: ${
          showDims(permutation)
        } is no permutation of its axes`,
      );
    }
    return [{ type: x.type, dims: permutation.map((axis) => x.dims[axis]) }];
  },
  gradient: ({ attributes }, [seed]) => {
    const permutation = attributes.perm as Dims;
    return [transpose(seed!, permutation.map((_, axis) => permutation.indexOf(axis)))];
  },
  cases: [{ dims: [[2, 3, 4]], build: (x) => transpose(x, [2, 0, 1]) }],
};

/** Same elements in the same order under another shape; nothing is added when it is that shape already. */
export function reshape(x: Value, dims: Dims): Value {
  if (x.dims.length === dims.length && x.dims.every((dim, i) => dim === dims[i])) return x;
  return x.graph.apply(Reshape, [x, x.graph.integers(dims)])[0];
}

/** Permutes axes: output axis i is input axis permutation[i]. */
export function transpose(x: Value, permutation: Dims): Value {
  if (permutation.every((axis, i) => axis === i)) return x;
  return x.graph.apply(Transpose, [x], { perm: [...permutation] })[0];
}

/** Swaps the last two axes. */
export function transposeLast(x: Value): Value {
  const rank = x.dims.length;
  return transpose(x, x.dims.map((_, i) => i < rank - 2 ? i : 2 * rank - 3 - i));
}

export const layouts: readonly Operator[] = [Reshape, Transpose];
