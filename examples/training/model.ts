/**
 * A small model in training: a dense forward pass with its loss and, by `gradients`, the derivative of the loss with
 * respect to every weight. Weights are inputs, so that one session serves the whole training.
 *
 * @module
 */
import * as ort from "../../base/packages/onnxruntime.ts";
import * as ops from "../../ops/mod.ts";
import type { Random } from "../../base/random.ts";
import { gpt2 } from "./gpt2.ts";
import { gptNeox } from "./gpt_neox.ts";
import {
  type Batch,
  type Form,
  formConfig,
  formLogits,
  type FormName,
  formParameters,
  type Parameter,
  type Sizes,
  type WeightValues,
} from "./form.ts";

export type { Batch, Parameter, Sizes } from "./form.ts";

const forms: Readonly<Record<FormName, Form>> = { gpt2, gpt_neox: gptNeox };

const formOf = ({ form = "gpt2" }: Sizes): Form => forms[form];

/** The weights in the order and under the names that Hugging Face's checkpoints use. */
export function parameters(sizes: Sizes): Parameter[] {
  return formParameters(formOf(sizes), sizes);
}

/** The contents of `config.json`. */
export function configOf(sizes: Sizes, endOfText: number): Readonly<Record<string, unknown>> {
  return formConfig(formOf(sizes), sizes, endOfText);
}

/** Weights by name, in float32. */
export type Weights = Map<string, Float32Array>;

/** Weights before training. */
export function startWeights(list: readonly Parameter[], random: Random): Weights {
  return new Map(list.map(({ name, dims, start }) => {
    const data = new Float32Array(ops.sizeOf(dims));
    if ("constant" in start) data.fill(start.constant);
    else for (let i = 0; i < data.length; i++) data[i] = start.normal * random.normal();
    return [name, data];
  }));
}

/**
 * Bytes of the training graph. Inputs: every weight; `tokens` int32 [N]; `targets` float32 [N, V], each row a
 * distribution over the next token times that position's weight (0 where nothing is asked). Outputs: `loss`,
 * the cross-entropy summed over rows, and for every weight NAME its derivative `gradient.NAME`.
 */
export function trainingGraph(sizes: Sizes, batch: Batch): Uint8Array {
  const graph = new ops.Graph("training");
  const weights = weightInputs(graph, sizes);
  const rows = batch.prompts * batch.positions;
  const tokens = graph.input("tokens", "int32", [rows]);
  const targets = graph.input("targets", "float32", [rows, sizes.vocabulary]);
  const logProbabilities = ops.logSoftmax(
    formLogits(formOf(sizes), weights, tokens, sizes, batch),
  );
  const loss = ops.neg(ops.reduceSum(ops.mul(targets, logProbabilities), [0, 1]));
  const found = ops.gradients([{ value: loss, gradient: graph.scalar(1) }], [...weights.values()]);
  const outputs: Record<string, ops.Value> = { loss };
  [...weights.keys()].forEach((name, i) => outputs[`gradient.${name}`] = found[i]!);
  return ops.toOnnx(graph, outputs);
}

/** Bytes of the graph that only predicts: weights and `tokens` [N] to `probabilities` [N, V]. */
export function predictionGraph(sizes: Sizes, batch: Batch): Uint8Array {
  const graph = new ops.Graph("prediction");
  const weights = weightInputs(graph, sizes);
  const tokens = graph.input("tokens", "int32", [batch.prompts * batch.positions]);
  const probabilities = ops.softmax(formLogits(formOf(sizes), weights, tokens, sizes, batch));
  return ops.toOnnx(graph, { probabilities });
}

function weightInputs(graph: ops.Graph, sizes: Sizes): WeightValues {
  return new Map(
    parameters(sizes).map(({ name, dims }) => [name, graph.input(name, "float32", dims)]),
  );
}

/** Tensors over the weights' own memory: a weight changed in place is changed for the next run. */
export function weightTensors(sizes: Sizes, weights: Weights): Record<string, ort.Tensor> {
  return Object.fromEntries(
    parameters(sizes).map(({ name, dims }) => [
      name,
      new ort.Tensor("float32", weights.get(name)!, dims),
    ]),
  );
}
