/**
 * Forms of small models: what GPT-2 and GPT-NeoX have in common. A layer is attention, then an MLP, each behind a norm;
 * the head is the embedding.
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
  /** The architecture; default: `gpt2`. */
  readonly form?: FormName;
  /** Between an MLP's two maps; default: `gelu_new`. A rectifier costs a third of the time. */
  readonly activation?: Activation;
}

/** As `config.json` names them. */
export type FormName = "gpt2" | "gpt_neox";
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
  /** Names of tensors under which Hugging Face's checkpoints store the parts, those of a layer behind `layer(i)`. */
  readonly names: {
    readonly embedding: string;
    /** Learned positions; absent where there are none. */
    readonly positions?: string;
    readonly layer: (layer: number) => string;
    readonly attentionNorm: string;
    readonly queryKeyValue: string;
    readonly output: string;
    readonly mlpNorm: string;
    readonly up: string;
    readonly down: string;
    readonly finalNorm: string;
  };
  /** True where linear maps are stored [inputs, outputs], otherwise [outputs, inputs]. */
  readonly inputsFirst: boolean;
  /** True where the maps of the attention have biases; those of the MLP have. */
  readonly attentionBiases: boolean;
  /** Query, key and value, each [B, H, T, D], of the product [N, 3C]. */
  heads(product: ops.Value, sizes: Sizes, batch: Batch): readonly ops.Value[];
  /** Settings of `config.json` that only this form has, or under names of its own. */
  config(sizes: Sizes): Readonly<Record<string, unknown>>;
}

export const epsilon = 1e-5;

/**
 * The weights in the order and under the names of Hugging Face's checkpoints; they are drawn in this order.
 * Deviations at the start (Radford et al. 2019): 0.02, and of maps into the stream less by the square root of their number.
 */
export function formParameters(form: Form, sizes: Sizes): Parameter[] {
  const { names, inputsFirst, attentionBiases } = form;
  const { layers, width, vocabulary, contextLength } = sizes;
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
  const linear = (name: string, from: number, to: number, deviation: number, biased: boolean) => {
    matrix(name, inputsFirst ? [from, to] : [to, from], deviation);
    if (biased) vector(`${name}.bias`, to, 0);
  };

  matrix(names.embedding, [vocabulary, width], normal);
  if (names.positions) matrix(names.positions, [contextLength, width], normal);
  for (let layer = 0; layer < layers; layer++) {
    const at = (name: string) => `${names.layer(layer)}.${name}`;
    norm(at(names.attentionNorm));
    linear(at(names.queryKeyValue), width, 3 * width, normal, attentionBiases);
    linear(at(names.output), width, width, residual, attentionBiases);
    norm(at(names.mlpNorm));
    linear(at(names.up), width, 4 * width, normal, true);
    linear(at(names.down), 4 * width, width, residual, true);
  }
  norm(names.finalNorm);
  return list;
}

/** Logits [N, V] of `tokens` int32 [N]. */
export function formLogits(
  form: Form,
  weights: WeightValues,
  tokens: ops.Value,
  sizes: Sizes,
  batch: Batch,
): ops.Value {
  const { names, inputsFirst } = form;
  const weight = (name: string) => weights.get(`${name}.weight`)!;
  const bias = (name: string) => weights.get(`${name}.bias`);
  const norm = (x: ops.Value, name: string) => layerNorm(x, weight(name), bias(name)!);
  const linear = (x: ops.Value, name: string) => {
    const product = inputsFirst
      ? ops.matmul(x, weight(name))
      : ops.gemm(x, weight(name), false, true);
    const added = bias(name);
    return added ? ops.add(product, added) : product;
  };
  const activate = activations[sizes.activation ?? "gelu_new"];

  const embedding = weight(names.embedding);
  let stream = ops.gather(embedding, tokens);
  if (names.positions) stream = withPositions(stream, weight(names.positions), batch);
  for (let layer = 0; layer < sizes.layers; layer++) {
    const at = (name: string) => `${names.layer(layer)}.${name}`;
    const product = linear(norm(stream, at(names.attentionNorm)), at(names.queryKeyValue));
    const mixed = attend(form.heads(product, sizes, batch), sizes, batch);
    stream = ops.add(stream, linear(mixed, at(names.output)));
    const hidden = activate(linear(norm(stream, at(names.mlpNorm)), at(names.up)));
    stream = ops.add(stream, linear(hidden, at(names.down)));
  }
  return ops.gemm(norm(stream, names.finalNorm), embedding, false, true);
}

/** The contents of `config.json`. */
export function formConfig(
  form: Form,
  sizes: Sizes,
  endOfText: number,
): Readonly<Record<string, unknown>> {
  return {
    ...form.config(sizes),
    tie_word_embeddings: true,
    bos_token_id: endOfText,
    eos_token_id: endOfText,
    torch_dtype: "float16",
  };
}

function withPositions(x: ops.Value, learned: ops.Value, { prompts, positions }: Batch): ops.Value {
  const width = x.dims[1];
  const rows = ops.reshape(x, [prompts, positions, width]);
  const sum = ops.add(rows, ops.slice(learned, 0, 0, positions));
  return ops.reshape(sum, [prompts * positions, width]);
}

/** Product of each head's scores [B, H, T, T] and its values [B, H, T, D], heads side by side: [N, C]. */
function attend(
  [query, key, value]: readonly ops.Value[],
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
