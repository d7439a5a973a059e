/**
 * The graph of a small model in training: a dense GPT-2 with its loss and, by `gradients`, the derivative of the loss with respect
 * to every weight. Weights are inputs, so that one session serves the whole training.
 *
 * Axes: B prompts, T positions, N = B * T rows, C width, H heads, D head size, V vocabulary.
 *
 * @module
 */
import * as ops from "../../ops/mod.ts";
import type { Random } from "../../runtime/random.ts";

export interface Sizes {
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
  readonly vocabulary: number;
  readonly contextLength: number;
  /** Between an MLP's two maps; `gelu_new` unless told. A rectifier costs a third of the time. */
  readonly activation?: Activation;
}

/** As `config.json` names them. */
export type Activation = "gelu_new" | "relu";

const activations: Readonly<Record<Activation, (x: ops.Value) => ops.Value>> = {
  gelu_new: ops.geluTanh,
  relu: ops.relu,
};

/** One weight: its name in the file, its shape, and how it starts and shrinks. */
export interface Parameter {
  readonly name: string;
  readonly dims: readonly number[];
  /** Standard deviation at the start; 0 for biases. Gains start at 1. */
  readonly start: { readonly normal: number } | { readonly constant: number };
  /** Whether weight decay applies: to matrices only. */
  readonly decays: boolean;
}

const epsilon = 1e-5;

/** The weights of a GPT-2 in the order and under the names that Hugging Face's checkpoints use. */
export function parameters({ layers, width, vocabulary, contextLength }: Sizes): Parameter[] {
  // Radford et al. 2019: 0.02, and what adds to the stream less by the square root of how many add to it.
  const normal = 0.02;
  const residual = normal / Math.sqrt(2 * layers);
  const list: Parameter[] = [];
  const matrix = (name: string, dims: number[], deviation: number) =>
    list.push({ name: `${name}.weight`, dims, start: { normal: deviation }, decays: true });
  const vector = (name: string, size: number, constant: number) =>
    list.push({ name, dims: [size], start: { constant }, decays: false });
  const norm = (name: string) => {
    vector(`${name}.weight`, width, 1);
    vector(`${name}.bias`, width, 0);
  };
  const linear = (name: string, from: number, to: number, deviation: number) => {
    matrix(name, [from, to], deviation);
    vector(`${name}.bias`, to, 0);
  };

  matrix("transformer.wte", [vocabulary, width], normal);
  matrix("transformer.wpe", [contextLength, width], normal);
  for (let layer = 0; layer < layers; layer++) {
    const at = `transformer.h.${layer}`;
    norm(`${at}.ln_1`);
    linear(`${at}.attn.c_attn`, width, 3 * width, normal);
    linear(`${at}.attn.c_proj`, width, width, residual);
    norm(`${at}.ln_2`);
    linear(`${at}.mlp.c_fc`, width, 4 * width, normal);
    linear(`${at}.mlp.c_proj`, 4 * width, width, residual);
  }
  norm("transformer.ln_f");
  return list;
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

export interface Batch {
  readonly prompts: number;
  readonly positions: number;
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
  const logProbabilities = ops.logSoftmax(forward(weights, tokens, sizes, batch));
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
  const probabilities = ops.softmax(forward(weights, tokens, sizes, batch));
  return ops.toOnnx(graph, { probabilities });
}

type WeightValues = ReadonlyMap<string, ops.Value>;

function weightInputs(graph: ops.Graph, sizes: Sizes): WeightValues {
  return new Map(
    parameters(sizes).map(({ name, dims }) => [name, graph.input(name, "float32", dims)]),
  );
}

/** Logits [N, V]. */
function forward(weights: WeightValues, tokens: ops.Value, sizes: Sizes, batch: Batch): ops.Value {
  const weight = (name: string) => weights.get(`transformer.${name}`)!;
  const embedding = weight("wte.weight");
  const { prompts, positions } = batch;
  const byPosition = ops.slice(weight("wpe.weight"), 0, 0, positions);
  let stream = ops.reshape(
    ops.add(
      ops.reshape(ops.gather(embedding, tokens), [prompts, positions, sizes.width]),
      byPosition,
    ),
    [prompts * positions, sizes.width],
  );
  const linear = (x: ops.Value, name: string) =>
    ops.add(ops.matmul(x, weight(`${name}.weight`)), weight(`${name}.bias`));
  const norm = (x: ops.Value, name: string) =>
    layerNorm(x, weight(`${name}.weight`), weight(`${name}.bias`));

  const activate = activations[sizes.activation ?? "gelu_new"];
  for (let layer = 0; layer < sizes.layers; layer++) {
    const at = `h.${layer}`;
    const mixed = attention(
      linear(norm(stream, `${at}.ln_1`), `${at}.attn.c_attn`),
      sizes,
      batch,
    );
    stream = ops.add(stream, linear(mixed, `${at}.attn.c_proj`));
    const hidden = activate(linear(norm(stream, `${at}.ln_2`), `${at}.mlp.c_fc`));
    stream = ops.add(stream, linear(hidden, `${at}.mlp.c_proj`));
  }
  return ops.gemm(norm(stream, "ln_f"), embedding, false, true);
}

/** Queries, keys and values side by side, [N, 3C], to the heads' outputs side by side, [N, C]. */
function attention(qkv: ops.Value, { heads, width }: Sizes, batch: Batch): ops.Value {
  const { prompts, positions } = batch;
  const size = width / heads;
  const split = ops.transpose(
    ops.reshape(qkv, [prompts, positions, 3, heads, size]),
    [2, 0, 3, 1, 4],
  );
  const [query, key, value] = [0, 1, 2].map((i) =>
    ops.reshape(ops.slice(split, 0, i, i + 1), [prompts, heads, positions, size])
  );
  const scores = ops.scale(ops.matmul(query, ops.transposeLast(key)), 1 / Math.sqrt(size));
  const pattern = ops.softmax(ops.add(scores, causalMask(qkv.graph, positions)));
  const mixed = ops.transpose(ops.matmul(pattern, value), [0, 2, 1, 3]);
  return ops.reshape(mixed, [prompts * positions, width]);
}

/** [T, T]: 0 where a position may look, and a number that no score outweighs where it may not. */
function causalMask(graph: ops.Graph, positions: number): ops.Value {
  const mask = new Float32Array(positions * positions);
  for (let from = 0; from < positions; from++) {
    for (let to = from + 1; to < positions; to++) mask[from * positions + to] = -1e9;
  }
  return graph.constant(mask, "float32", [positions, positions], "mask");
}

function layerNorm(x: ops.Value, gain: ops.Value, bias: ops.Value): ops.Value {
  const centred = ops.sub(x, ops.reduceMean(x, [1], true));
  const variance = ops.reduceMean(ops.mul(centred, centred), [1], true);
  const deviation = ops.sqrt(ops.shift(variance, epsilon));
  return ops.add(ops.mul(ops.div(centred, deviation), gain), bias);
}
