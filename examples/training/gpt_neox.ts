/**
 * GPT-NeoX's form, one sublayer after the other: queries and keys turn with their position in place of learned
 * positions, so that what was learned at one place holds at all; query, key and value of a head are together.
 *
 * @module
 */
import * as ops from "../../ops/mod.ts";
import { epsilon, type Form } from "./form.ts";

/** The part of a head that turns; the rest compares contents alone. */
const rotaryShare = 0.5;
/** Base of the frequencies: prompts are short, and the slowest part still turns visibly within one. */
const theta = 100;

export const gptNeox: Form = {
  names: {
    embedding: "gpt_neox.embed_in",
    layer: (layer) => `gpt_neox.layers.${layer}`,
    attentionNorm: "input_layernorm",
    queryKeyValue: "attention.query_key_value",
    output: "attention.dense",
    mlpNorm: "post_attention_layernorm",
    up: "mlp.dense_h_to_4h",
    down: "mlp.dense_4h_to_h",
    finalNorm: "gpt_neox.final_layer_norm",
  },
  inputsFirst: false,
  attentionBiases: false,
  heads(product, { heads, width }, { prompts, positions }) {
    const size = width / heads;
    const split = ops.transpose(
      ops.reshape(product, [prompts, positions, heads, 3, size]),
      [3, 0, 2, 1, 4],
    );
    const turned = turn(ops.slice(split, 0, 0, 2), positions, size);
    const part = (of: ops.Value, i: number) =>
      ops.reshape(ops.slice(of, 0, i, i + 1), [prompts, heads, positions, size]);
    return [part(turned, 0), part(turned, 1), part(split, 2)];
  },
  config: (sizes) => ({
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
    rotary_pct: turning(sizes.width / sizes.heads) / (sizes.width / sizes.heads),
    rotary_emb_base: theta,
    use_parallel_residual: false,
    layer_norm_eps: epsilon,
  }),
};

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
