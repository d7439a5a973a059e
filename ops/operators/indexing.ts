/** Choosing rows and elements by number: Gather, GatherElements, and the scatter that is their gradient. @module */
import { GraphError, type Operator, showDims, showType, sizeOf, type Value } from "../graph.ts";
import { expand } from "./broadcast.ts";
import { reshape } from "./layout.ts";

function checkIndices(name: string, indices: { type: string; dims: readonly number[] }): void {
  if (indices.type !== "int32" && indices.type !== "int64") {
    throw new GraphError(
      `Cannot apply ${name} with indices ${showType(indices as Value)}: they must be integers`,
    );
  }
}

/** Rows of a table by number: along axis 0 with indices of any shape, along other axes with a list. */
const Gather: Operator = {
  name: "Gather",
  infer: ([table, indices], { axis }) => {
    checkIndices("Gather", indices);
    const at = axis as number;
    if (at >= table.dims.length || (at > 0 && indices.dims.length !== 1)) {
      throw new GraphError(
        `Cannot apply Gather along axis ${at} to ${showDims(table.dims)} with indices ${
          showDims(indices.dims)
        }`,
      );
    }
    return [{
      type: table.type,
      dims: [...table.dims.slice(0, at), ...indices.dims, ...table.dims.slice(at + 1)],
    }];
  },
  gradient: ({ inputs: [table, indices], attributes }, [seed]) => {
    const axis = attributes.axis as number;
    const count = sizeOf(indices.dims);
    const rows = reshape(seed!, table.dims.map((dim, i) => i === axis ? count : dim));
    return [scatterAdd(zeros(seed!, table.dims), reshape(indices, [count]), rows, axis), undefined];
  },
  cases: [{
    dims: [[4, 3]],
    build: (x) => gather(x, x.graph.constant(BigInt64Array.of(2n, 0n, 2n, 1n), "int64", [2, 2])),
  }, {
    dims: [[2, 3, 2]],
    build: (x) => gather(x, x.graph.constant(BigInt64Array.of(2n, 0n, 2n, 1n), "int64", [4]), 1),
  }],
};

/** One element per index along the last axis. */
const GatherElements: Operator = {
  name: "GatherElements",
  infer: ([x, indices]) => {
    checkIndices("GatherElements", indices);
    if (x.dims.length !== indices.dims.length) {
      throw new GraphError(
        `Cannot apply GatherElements to ${showDims(x.dims)} with indices ${showDims(indices.dims)}`,
      );
    }
    return [{ type: x.type, dims: indices.dims }];
  },
  gradient: ({ inputs: [x, indices] }, [seed]) => [
    seed!.graph.apply(ScatterElements, [zeros(seed!, x.dims), indices, seed!], {
      axis: -1,
      reduction: "add",
    })[0],
    undefined,
  ],
  cases: [{
    dims: [[2, 4]],
    build: (x) =>
      gatherElements(x, x.graph.constant(BigInt64Array.of(3n, 3n, 0n, 1n), "int64", [2, 2])),
  }, { dims: [[2, 4]], range: [0, 4], build: (x) => gatherElements(x, argMax(x)) }],
};

/** Number of the highest element along the last axis, which stays as 1; the first of equal ones. */
const ArgMax: Operator = {
  name: "ArgMax",
  infer: ([x]) => {
    if (x.dims.length === 0) throw new GraphError("Cannot apply ArgMax to a single number");
    return [{ type: "int64", dims: [...x.dims.slice(0, -1), 1] }];
  },
};

const ScatterElements: Operator = {
  name: "ScatterElements",
  infer: ([data, indices, updates]) => {
    if (showDims(indices.dims) !== showDims(updates.dims)) {
      throw new GraphError(
        `Cannot apply ScatterElements with indices ${showDims(indices.dims)} and updates ${
          showDims(updates.dims)
        }`,
      );
    }
    return [{ type: data.type, dims: data.dims }];
  },
};

function zeros(like: Value, dims: readonly number[]): Value {
  return expand(like.graph.scalar(0, like.type), dims);
}

/**
 * Rows added into a table at the given row numbers [n] along an axis; rows that meet are summed. Not `ScatterND`, whose
 * additions race on onnxruntime's CPU provider where rows meet (1.30: sums come out wrong).
 */
export function scatterAdd(table: Value, indices: Value, rows: Value, axis = 0): Value {
  const column = reshape(indices, rows.dims.map((dim, i) => i === axis ? dim : 1));
  return table.graph.apply(ScatterElements, [table, expand(column, rows.dims), rows], {
    axis,
    reduction: "add",
  })[0];
}

/** Rows of `table` along an axis; along axis 0 the indices may have any shape, elsewhere one axis. */
export const gather = (table: Value, indices: Value, axis = 0): Value =>
  table.graph.apply(Gather, [table, indices], { axis })[0];

/** Elements along the last axis; `indices` has as many axes as `x`. */
export const gatherElements = (x: Value, indices: Value): Value =>
  x.graph.apply(GatherElements, [x, indices], { axis: -1 })[0];

export const argMax = (x: Value): Value => x.graph.apply(ArgMax, [x], { axis: -1, keepdims: 1 })[0];

export const indexings: readonly Operator[] = [Gather, GatherElements, ArgMax, ScatterElements];
