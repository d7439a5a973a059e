/** A plan's weights as dense tensors, with the shapes that the architecture's views have. @module */
import {
  type DenseTensor,
  type LayerTensor,
  type ProgramSizes,
  programWeights,
  viewsOf,
} from "../models/mod.ts";
import type { CompiledProgram, Entry } from "./plan.ts";

/** Sizes of the compiled model. */
export function sizesOf(plan: CompiledProgram): ProgramSizes {
  return {
    layers: plan.layers,
    heads: plan.heads,
    headSize: plan.headSize,
    width: plan.width,
    mlpWidth: plan.mlpWidth,
    vocabulary: plan.tokens.length,
    contextLength: plan.program.length + 1,
    mask: plan.program.mask,
  };
}

/** All tensors by name. */
export function programTensors(plan: CompiledProgram): Map<string, DenseTensor> {
  const tensors = new Map(
    viewsOf(programWeights(sizesOf(plan))).map(({ tensor, dims }) => [
      tensor,
      { dims, data: new Float32Array(dims.reduce((product, n) => product * n, 1)) },
    ]),
  );
  const dataOf = (name: string) => tensors.get(name)!.data;
  const { width, headSize, mlpWidth } = plan;
  fill(dataOf("tokenEmbedding"), 0, width, plan.tokenEmbedding);
  fill(dataOf("positionEmbedding"), 0, width, plan.positionEmbedding);
  fill(dataOf("unembedding"), 0, plan.tokens.length, plan.unembedding);
  for (const { layer, head, query, key, value, output, queryBias } of plan.headPlans) {
    const part = (tensor: LayerTensor) => dataOf(layerTensorName(layer, tensor));
    const first = head * width * headSize;
    fill(part("query"), first, headSize, query);
    fill(part("key"), first, headSize, key);
    fill(part("value"), first, headSize, value);
    fill(part("output"), first, width, output);
    for (const { column, weight } of queryBias) {
      part("queryBias")[head * headSize + column] += weight;
    }
  }
  plan.neurons.forEach((neurons, layer) => {
    const [up, upBias, down] = (["up", "upBias", "down"] as const).map((tensor) =>
      dataOf(layerTensorName(layer, tensor))
    );
    neurons.forEach(({ inputs, bias, outputs }, n) => {
      for (const { dimension, weight } of inputs) up[dimension * mlpWidth + n] += weight;
      upBias[n] = bias;
      for (const { dimension, weight } of outputs) down[n * width + dimension] += weight;
    });
  });
  return tensors;
}

/** Name of a layer's tensor in the checkpoint. */
export function layerTensorName(layer: number, tensor: LayerTensor): string {
  return `layers.${layer}.${tensor}`;
}

/** The part of a tensor of projections, [heads, width, headSize] or [heads, headSize, width], that is one head's. */
export function headPart(
  { width, headSize }: CompiledProgram,
  data: Float32Array,
  head: number,
): Float32Array {
  return data.subarray(head * width * headSize, (head + 1) * width * headSize);
}

function fill(data: Float32Array, first: number, columns: number, entries: readonly Entry[]): void {
  for (const { row, column, weight } of entries) data[first + row * columns + column] += weight;
}
