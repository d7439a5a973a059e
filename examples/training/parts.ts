/**
 * Parts that all forms of small models share: sizes, weights, and pieces of their graphs.
 *
 * Axes: B prompts, T positions, N = B * T rows, C width, H heads, D head size, V vocabulary.
 *
 * @module
 */
import * as ops from "../../ops/mod.ts";

export interface Sizes {
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
  readonly vocabulary: number;
  readonly contextLength: number;
  /** The architecture; `gpt2` unless told. */
  readonly form?: FormName;
  /** Between an MLP's two maps; `gelu_new` unless told. A rectifier costs a third of the time. */
  readonly activation?: Activation;
}

/** As `config.json` names them. */
export type FormName = "gpt2" | "gpt_neox";
export type Activation = "gelu_new" | "relu";

export const activations: Readonly<Record<Activation, (x: ops.Value) => ops.Value>> = {
  gelu_new: ops.geluTanh,
  relu: ops.relu,
};

/** One weight: its name in the file, its shape, and how it starts and shrinks. */
export interface Parameter {
  readonly name: string;
  readonly dims: readonly number[];
  /** Standard deviation at the start; 0 for biases. Gains start at 1. */
  readonly start: { readonly normal: number } | { readonly constant: number };
  /** True if weight decay applies: to matrices only. */
  readonly decays: boolean;
}

export interface Batch {
  readonly prompts: number;
  readonly positions: number;
}

export type WeightValues = ReadonlyMap<string, ops.Value>;

/** An architecture: one file each. */
export interface Form {
  /** The weights in the order and under the names that Hugging Face's checkpoints use. */
  parameters(sizes: Sizes): Parameter[];
  /** Logits [N, V] of `tokens` int32 [N]. */
  logits(weights: WeightValues, tokens: ops.Value, sizes: Sizes, batch: Batch): ops.Value;
  /** The contents of `config.json`. */
  config(sizes: Sizes, endOfText: number): Readonly<Record<string, unknown>>;
}

export const epsilon = 1e-5;

/** Deviations of weights at the start (Radford et al. 2019): 0.02, and what adds to the stream less by the square root of how many add to it. */
export function deviations({ layers }: Sizes): { normal: number; residual: number } {
  const normal = 0.02;
  return { normal, residual: normal / Math.sqrt(2 * layers) };
}

/** A list of parameters, and what adds to it: weights are drawn in the order in which they are added. */
export function parameterList({ width }: Sizes) {
  const list: Parameter[] = [];
  const matrix = (name: string, dims: number[], deviation: number) =>
    list.push({ name: `${name}.weight`, dims, start: { normal: deviation }, decays: true });
  const vector = (name: string, size: number, constant: number) =>
    list.push({ name, dims: [size], start: { constant }, decays: false });
  const norm = (name: string) => {
    vector(`${name}.weight`, width, 1);
    vector(`${name}.bias`, width, 0);
  };
  return { list, matrix, vector, norm };
}

/** Weights below a prefix, and the norms that they make. */
export function reading(weights: WeightValues, prefix: string) {
  const weight = (name: string) => weights.get(`${prefix}.${name}`)!;
  const norm = (x: ops.Value, name: string) =>
    layerNorm(x, weight(`${name}.weight`), weight(`${name}.bias`));
  return { weight, norm };
}

/** Settings that every form writes alike. */
export const commonConfig = (endOfText: number) => ({
  tie_word_embeddings: true,
  bos_token_id: endOfText,
  eos_token_id: endOfText,
  torch_dtype: "float16",
});

/** Product of each head's scores [B, H, T, T] and its values [B, H, T, D], heads side by side: [N, C]. */
export function attend(
  query: ops.Value,
  key: ops.Value,
  value: ops.Value,
  { heads, width }: Sizes,
  { prompts, positions }: Batch,
): ops.Value {
  const scores = ops.scale(
    ops.matmul(query, ops.transposeLast(key)),
    1 / Math.sqrt(width / heads),
  );
  const pattern = ops.softmax(ops.add(scores, causalMask(query.graph, positions)));
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
