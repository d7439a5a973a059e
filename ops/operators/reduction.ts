/** Sums over axes of scaled or squared elements: ReduceMean, ReduceSumSquare. @module */
import { type Dims, integersOf, type Node, type Operator, type Value } from "../graph.ts";
import { mul, scale } from "./arithmetic.ts";
import { expand, reduce, reduction } from "./broadcast.ts";

/** Number of elements that each output element sums. */
function countOf(node: Node): number {
  const [x, axes] = node.inputs;
  return integersOf(axes).reduce((product, axis) => product * x.dims[axis], 1);
}

const ReduceMean = reduction(
  "ReduceMean",
  (node, seed) => expand(scale(seed, 1 / countOf(node)), node.inputs[0].dims),
);
const ReduceSumSquare = reduction(
  "ReduceSumSquare",
  (node, seed) => mul(node.inputs[0], scale(seed, 2)),
);

export const reduceMean = (x: Value, axes: Dims, keep = false): Value =>
  reduce(ReduceMean, x, axes, keep);
export const reduceSumSquare = (x: Value, axes: Dims, keep = false): Value =>
  reduce(ReduceSumSquare, x, axes, keep);

export const reductions: readonly Operator[] = [ReduceMean, ReduceSumSquare];
