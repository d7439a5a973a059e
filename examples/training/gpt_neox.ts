/**
 * GPT-NeoX's form, one sublayer after the other: queries and keys turn with their position in place of learned
 * positions, so that what was learned at one place holds at all; linear maps are stored [outputs, inputs], and each
 * head's query, key and value lie together.
 *
 * @module
 */
import * as ops from "../../ops/mod.ts";
import {
  activations,
  attend,
  type Batch,
  commonConfig,
  deviations,
  epsilon,
  type Form,
  type Parameter,
  parameterList,
  reading,
  type Sizes,
  type WeightValues,
} from "./parts.ts";

export const gptNeox: Form = { parameters, logits, config };

/** The part of a head that turns; the rest compares contents alone. */
const rotaryShare = 0.5;
/** Base of the frequencies: prompts are short, and the slowest part still turns visibly within one. */
const theta = 100;

function parameters(sizes: Sizes): Parameter[] {
  const { layers, width, vocabulary } = sizes;
  const { normal, residual } = deviations(sizes);
  const { list, matrix, vector, norm } = parameterList(sizes);

  matrix("gpt_neox.embed_in", [vocabulary, width], normal);
  for (let layer = 0; layer < layers; layer++) {
    const at = `gpt_neox.layers.${layer}`;
    norm(`${at}.input_layernorm`);
    matrix(`${at}.attention.query_key_value`, [3 * width, width], normal);
    matrix(`${at}.attention.dense`, [width, width], residual);
    norm(`${at}.post_attention_layernorm`);
    matrix(`${at}.mlp.dense_h_to_4h`, [4 * width, width], normal);
    vector(`${at}.mlp.dense_h_to_4h.bias`, 4 * width, 0);
    matrix(`${at}.mlp.dense_4h_to_h`, [width, 4 * width], residual);
    vector(`${at}.mlp.dense_4h_to_h.bias`, width, 0);
  }
  norm("gpt_neox.final_layer_norm");
  return list;
}

function logits(weights: WeightValues, tokens: ops.Value, sizes: Sizes, batch: Batch): ops.Value {
  const { weight, norm } = reading(weights, "gpt_neox");
  const embedding = weight("embed_in.weight");
  const linear = (x: ops.Value, name: string) => ops.gemm(x, weight(`${name}.weight`), false, true);
  const biased = (x: ops.Value, name: string) => ops.add(linear(x, name), weight(`${name}.bias`));
  const activate = activations[sizes.activation ?? "gelu_new"];

  let stream = ops.gather(embedding, tokens);
  for (let layer = 0; layer < sizes.layers; layer++) {
    const at = `layers.${layer}`;
    const read = norm(stream, `${at}.input_layernorm`);
    const mixed = attention(linear(read, `${at}.attention.query_key_value`), sizes, batch);
    stream = ops.add(stream, linear(mixed, `${at}.attention.dense`));
    const hidden = activate(
      biased(norm(stream, `${at}.post_attention_layernorm`), `${at}.mlp.dense_h_to_4h`),
    );
    stream = ops.add(stream, biased(hidden, `${at}.mlp.dense_4h_to_h`));
  }
  return ops.gemm(norm(stream, "final_layer_norm"), embedding, false, true);
}

/** Each head's query, key and value, [N, 3C], to the heads' outputs side by side, [N, C]. */
function attention(qkv: ops.Value, sizes: Sizes, batch: Batch): ops.Value {
  const { heads, width } = sizes;
  const { prompts, positions } = batch;
  const size = width / heads;
  const split = ops.transpose(
    ops.reshape(qkv, [prompts, positions, heads, 3, size]),
    [3, 0, 2, 1, 4],
  );
  const turned = turn(ops.slice(split, 0, 0, 2), positions, size);
  const part = (of: ops.Value, i: number) =>
    ops.reshape(ops.slice(of, 0, i, i + 1), [prompts, heads, positions, size]);
  return attend(part(turned, 0), part(turned, 1), part(split, 2), sizes, batch);
}

/** Number of a head's dimensions that turn, in pairs (i, i + half). */
function turning(size: number): number {
  return 2 * Math.floor(size * rotaryShare / 2);
}

/** [..., T, D], each row turned by its position (Su et al. 2021): `x cos + (x M) sin`, where M puts -x[i + half] at i and x[i] at i + half. */
function turn(x: ops.Value, positions: number, size: number): ops.Value {
  const half = turning(size) / 2;
  const cosines = new Float32Array(positions * size).fill(1);
  const sines = new Float32Array(positions * size);
  const swap = new Float32Array(size * size);
  for (let i = 0; i < half; i++) {
    for (let position = 0; position < positions; position++) {
      const angle = position * theta ** (-i / half);
      for (const column of [i, i + half]) {
        cosines[position * size + column] = Math.cos(angle);
        sines[position * size + column] = Math.sin(angle);
      }
    }
    swap[(i + half) * size + i] = -1;
    swap[i * size + i + half] = 1;
  }
  const constant = (data: Float32Array, rows: number, name: string) =>
    x.graph.constant(data, "float32", [rows, size], name);
  return ops.add(
    ops.mul(x, constant(cosines, positions, "cosines")),
    ops.mul(ops.matmul(x, constant(swap, size, "swap")), constant(sines, positions, "sines")),
  );
}

function config(sizes: Sizes, endOfText: number): Record<string, unknown> {
  const size = sizes.width / sizes.heads;
  return {
    architectures: ["GPTNeoXForCausalLM"],
    model_type: "gpt_neox",
    hidden_act: sizes.activation ?? "gelu_new",
    vocab_size: sizes.vocabulary,
    max_position_embeddings: sizes.contextLength,
    hidden_size: sizes.width,
    intermediate_size: 4 * sizes.width,
    num_hidden_layers: sizes.layers,
    num_attention_heads: sizes.heads,
    attention_bias: false,
    rotary_pct: turning(size) / size,
    rotary_emb_base: theta,
    use_parallel_residual: false,
    layer_norm_eps: epsilon,
    ...commonConfig(endOfText),
  };
}
