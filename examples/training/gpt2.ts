/** GPT-2's form: learned positions; query, key and value side by side, heads outermost in each. @module */
import * as ops from "../../ops/mod.ts";
import { epsilon, type Form } from "./form.ts";

export const gpt2: Form = {
  names: {
    embedding: "transformer.wte",
    positions: "transformer.wpe",
    layer: (layer) => `transformer.h.${layer}`,
    attentionNorm: "ln_1",
    queryKeyValue: "attn.c_attn",
    output: "attn.c_proj",
    mlpNorm: "ln_2",
    up: "mlp.c_fc",
    down: "mlp.c_proj",
    finalNorm: "transformer.ln_f",
  },
  inputsFirst: true,
  attentionBiases: true,
  heads(product, { heads, width }, { prompts, positions }) {
    const size = width / heads;
    const split = ops.transpose(
      ops.reshape(product, [prompts, positions, 3, heads, size]),
      [2, 0, 3, 1, 4],
    );
    return [0, 1, 2].map((i) =>
      ops.reshape(ops.slice(split, 0, i, i + 1), [prompts, heads, positions, size])
    );
  },
  config: (sizes) => ({
    architectures: ["GPT2LMHeadModel"],
    model_type: "gpt2",
    activation_function: sizes.activation ?? "gelu_new",
    vocab_size: sizes.vocabulary,
    n_positions: sizes.contextLength,
    n_embd: sizes.width,
    n_layer: sizes.layers,
    n_head: sizes.heads,
    layer_norm_epsilon: epsilon,
  }),
};
