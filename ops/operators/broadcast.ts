/** Broadcasting and sums over axes, each the gradient of the other: Expand, ReduceSum. @module */
import {
  type Attributes,
  type Dims,
  GraphError,
  integersOf,
  type Node,
  type Operator,
  showDims,
  type Type,
  type Value,
} from "../graph.ts";
import { reshape } from "./layout.ts";

/** The shape that two shapes broadcast to (numpy's rule). */
export function broadcast(operator: string, a: Dims, b: Dims): Dims {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new GraphError(
        `Cannot apply ${operator} to ${showDims(a)} and ${
          showDims(b)
        }: ${x} and ${y} do not broadcast`,
      );
    }
    return x === 1 ? y : x;
  });
}

/** Sums a gradient back to the shape that was broadcast: the gradient rule of broadcasting. */
export function sumTo(value: Value, dims: Dims): Value {
  const extra = value.dims.length - dims.length;
  const axes = value.dims.flatMap((dim, axis) =>
    axis < extra || (dims[axis - extra] === 1 && dim !== 1) ? [axis] : []
  );
  if (axes.length === 0) return value;
  const summed = reduceSum(value, axes, true);
  return extra === 0 ? summed : reshape(summed, dims);
}

const Expand: Operator = {
  name: "Expand",
  infer: (
    [x],
    _attributes,
    [, shape],
  ) => [{ type: x.type, dims: broadcast("Expand", x.dims, integersOf(shape)) }],
  gradient: ({ inputs: [x] }, [seed]) => [sumTo(seed!, x.dims), undefined],
  cases: [{ dims: [[2, 1]], build: (x) => expand(x, [3, 2, 4]) }],
};

function infer(
  name: string,
  [x]: readonly Type[],
  attributes: Attributes,
  [, axes]: readonly Value[],
): Type[] {
  const reduced = integersOf(axes);
  for (const axis of reduced) {
    if (axis < 0 || axis >= x.dims.length) {
      throw new GraphError(`Cannot apply ${name} along axis ${axis} to shape ${showDims(x.dims)}`);
    }
  }
  const keep = attributes.keepdims === 1;
  return [{
    type: x.type,
    dims: x.dims.flatMap((dim, axis) => reduced.includes(axis) ? (keep ? [1] : []) : [dim]),
  }];
}

/** The seed with the reduced axes back as 1s, so that it broadcasts against the input. */
function kept(node: Node, seed: Value): Value {
  const [x, axes] = node.inputs;
  const reduced = integersOf(axes);
  return reshape(seed, x.dims.map((dim, axis) => reduced.includes(axis) ? 1 : dim));
}

/** An operator that sums over axes; its gradient rule gets the seed with the reduced axes as 1s. */
export function reduction(name: string, gradient: (node: Node, seed: Value) => Value): Operator {
  const operator: Operator = {
    name,
    infer: (inputs, attributes, values) => infer(name, inputs, attributes, values),
    gradient: (node, [seed]) => [gradient(node, kept(node, seed!)), undefined],
    cases: ([[[0], true], [[1, 2], false], [[2], true]] as const).map(([axes, keep]) => ({
      dims: [[2, 3, 4]],
      build: (x) => reduce(operator, x, axes, keep),
    })),
  };
  return operator;
}

const ReduceSum = reduction("ReduceSum", (node, seed) => expand(seed, node.inputs[0].dims));

/** The elements repeated along axes until they have the shape; nothing is added when it is that shape already. */
export function expand(x: Value, dims: Dims): Value {
  if (x.dims.length === dims.length && x.dims.every((dim, i) => dim === dims[i])) return x;
  return x.graph.apply(Expand, [x, x.graph.integers(dims)])[0];
}

/** Applies an operator that {@link reduction} made. */
export function reduce(operator: Operator, x: Value, axes: Dims, keep: boolean): Value {
  return x.graph.apply(operator, [x, x.graph.integers(axes)], { keepdims: keep ? 1 : 0 })[0];
}

export const reduceSum = (x: Value, axes: Dims, keep = false): Value =>
  reduce(ReduceSum, x, axes, keep);

export const broadcasts: readonly Operator[] = [Expand, ReduceSum];
