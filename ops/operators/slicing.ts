/** Operators that cut and join along one axis: Slice, Concat. @module */
import { GraphError, integersOf, type Operator, showDims, type Value } from "../graph.ts";
import { expand } from "./broadcast.ts";

/** Slice along one axis with step 1; its other arguments are constants. */
const Slice: Operator = {
  name: "Slice",
  infer: ([x], _attributes, [, starts, ends, axes]) => {
    const [start] = integersOf(starts);
    const [end] = integersOf(ends);
    const [axis] = integersOf(axes);
    if (!(axis < x.dims.length && 0 <= start && start <= end && end <= x.dims[axis])) {
      throw new GraphError(
        `Cannot apply Slice ${start}..${end} along axis ${axis} to shape ${showDims(x.dims)}`,
      );
    }
    return [{ type: x.type, dims: x.dims.map((dim, i) => i === axis ? end - start : dim) }];
  },
  gradient: ({ inputs: [x, starts, ends, axes] }, [seed]) => {
    const [start] = integersOf(starts);
    const [end] = integersOf(ends);
    const [axis] = integersOf(axes);
    const zeros = (size: number) =>
      expand(seed!.graph.scalar(0, seed!.type), x.dims.map((dim, i) => i === axis ? size : dim));
    const parts = [seed!];
    if (start > 0) parts.unshift(zeros(start));
    if (end < x.dims[axis]) parts.push(zeros(x.dims[axis] - end));
    return [concat(parts, axis), undefined, undefined, undefined];
  },
  cases: [
    { dims: [[2, 5]], build: (x) => slice(x, 1, 1, 4) },
    { dims: [[4, 2]], build: (x) => slice(x, 0, 0, 3) },
  ],
};

const Concat: Operator = {
  name: "Concat",
  infer: (inputs, attributes) => {
    const axis = attributes.axis as number;
    const [first] = inputs;
    for (const { type, dims } of inputs) {
      const fits = type === first.type && dims.length === first.dims.length &&
        dims.every((dim, i) => i === axis || dim === first.dims[i]);
      if (!fits) {
        throw new GraphError(
          `Cannot apply Concat along axis ${axis} to ${showDims(first.dims)} and ${showDims(dims)}`,
        );
      }
    }
    const total = inputs.reduce((sum, { dims }) => sum + dims[axis], 0);
    return [{ type: first.type, dims: first.dims.map((dim, i) => i === axis ? total : dim) }];
  },
  gradient: ({ inputs, attributes }, [seed], wanted) => {
    const axis = attributes.axis as number;
    let start = 0;
    return inputs.map((input, i) => {
      const end = start + input.dims[axis];
      const part = wanted[i] ? slice(seed!, axis, start, end) : undefined;
      start = end;
      return part;
    });
  },
  cases: [{ dims: [[2, 1], [2, 3]], build: (a, b) => concat([a, b], 1) }],
};

/** Elements start .. end-1 along an axis. */
export function slice(x: Value, axis: number, start: number, end: number): Value {
  if (start === 0 && end === x.dims[axis]) return x;
  const { graph } = x;
  return graph.apply(Slice, [
    x,
    graph.integers([start]),
    graph.integers([end]),
    graph.integers([axis]),
  ])[0];
}

export function concat(parts: readonly Value[], axis: number): Value {
  return parts.length === 1 ? parts[0] : parts[0].graph.apply(Concat, parts, { axis })[0];
}

export const slicings: readonly Operator[] = [Slice, Concat];
