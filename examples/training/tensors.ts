/** Weights as what a session is fed. @module */
import * as ort from "../../base/packages/onnxruntime.ts";
import { parameters, type Sizes, type Weights } from "./model.ts";

/** Tensors over the weights' own memory: a weight changed in place is changed for the next run. */
export function weightTensors(sizes: Sizes, weights: Weights): Record<string, ort.Tensor> {
  return Object.fromEntries(
    parameters(sizes).map(({ name, dims }) => [
      name,
      new ort.Tensor("float32", weights.get(name)!, dims),
    ]),
  );
}
