/** Weights in graphs: slices of the model's own files, rearranged by nodes. @module */
import { dirname, relative } from "node:path";
import * as ops from "../../ops/mod.ts";
import type { Model, TensorLocation, ViewStep, WeightView } from "../models/mod.ts";

/** The parts of a model that graphs need; they can be sent to a worker. */
export type GraphModel = Pick<Model, "architecture" | "weights" | "tensors">;

/** Access of a graph to a model's weights. */
export interface Weights {
  /** Value of a view, float32. */
  (view: WeightView): ops.Value;
  readonly model: GraphModel;
  /** Product of x [n, a] and a view [a, b]; a view that the file holds transposed is not transposed back. */
  linear(x: ops.Value, view: WeightView): ops.Value;
}

/** The folder of a model's files, which file names in graphs are relative to. */
export function weightsFolder(model: GraphModel): string {
  const folders = [...new Set([...model.tensors.values()].map(({ file }) => dirname(file)))];
  const shared = folders.map((folder) => folder.split("/")).reduce((a, b) => {
    const end = a.findIndex((part, i) => part !== b[i]);
    return end < 0 ? a : a.slice(0, end);
  });
  return shared.join("/");
}

/** Gives a graph access to a model's weights. Each tensor enters the graph once. */
export function weightsIn(graph: ops.Graph, model: GraphModel): Weights {
  const folder = weightsFolder(model);
  const entered = new Map<string, ops.Value>();

  const enter = (name: string, location: TensorLocation, rows?: [number, number]): ops.Value => {
    const [start, end] = rows ?? [0, location.dims[0]];
    const key = `${name}[${start}..${end}]`;
    let value = entered.get(key);
    if (!value) {
      const row = location.length / location.dims[0];
      value = graph.slice(key, location.type, [end - start, ...location.dims.slice(1)], {
        file: relative(folder, location.file),
        offset: location.offset + start * row,
        length: (end - start) * row,
      });
      // onnxruntime computes in float32, also where the file holds another type.
      value = ops.cast(value, "float32");
      entered.set(key, value);
    }
    return value;
  };

  const view = ({ tensor, steps }: WeightView): ops.Value => {
    const location = model.tensors.get(tensor)!;
    // Rows are contiguous in the file: a leading slice of them is a smaller slice of the file.
    const [first] = steps;
    const leading = first?.kind === "slice" && first.axis === 0;
    const start = leading
      ? enter(tensor, location, [first.start, first.end])
      : enter(tensor, location);
    return steps.slice(leading ? 1 : 0).reduce(rearrange, start);
  };

  return Object.assign(view, {
    model,
    linear(x: ops.Value, { tensor, dims, steps }: WeightView): ops.Value {
      const last = steps.at(-1);
      const turned = last?.kind === "transpose" && last.permutation.join() === "1,0";
      return turned
        ? ops.gemm(x, view({ tensor, dims, steps: steps.slice(0, -1) }), false, true)
        : ops.gemm(x, view({ tensor, dims, steps }), false, false);
    },
  });
}

function rearrange(value: ops.Value, step: ViewStep): ops.Value {
  switch (step.kind) {
    case "slice":
      return ops.slice(value, step.axis, step.start, step.end);
    case "reshape":
      return ops.reshape(value, step.dims);
    case "transpose":
      return ops.transpose(value, step.permutation);
  }
}

/** Bytes of a model's tensors on disk. */
export function weightBytes(model: GraphModel): number {
  return model.tensors.values().reduce((sum, { length }) => sum + length, 0);
}

/** Size on disk above which weights stay in their file's pages; below it sessions pack a copy, which is faster. */
const SHARE_ABOVE_BYTES = 200e6;
/** Size in float32 above which sessions keep no converted or rearranged copies either. */
const CONVERT_LATE_ABOVE_BYTES = 1e9;

/** Settings of sessions for a model's weights: small ones are packed for speed, large ones are in memory once. */
export function weightSettings(
  model: GraphModel,
): { readonly shareWeights: boolean; readonly convertWeightsLate: boolean } {
  const stored = weightBytes(model);
  const locations = [...model.tensors.values()];
  const narrow = locations.some(({ type }) => type !== "float32");
  const computed = locations.reduce(
    (sum, { length, type }) =>
      sum + length * ops.bytesPerElement.float32 / ops.bytesPerElement[type],
    0,
  );
  return {
    shareWeights: stored > SHARE_ABOVE_BYTES,
    // A narrow type makes every copy a whole one, which a few sessions multiply.
    convertWeightsLate: computed > (narrow ? SHARE_ABOVE_BYTES : CONVERT_LATE_ABOVE_BYTES),
  };
}
