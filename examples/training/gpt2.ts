/**
 * GPT-2's form: learned positions, linear maps stored [inputs, outputs], query, key and value side by side, heads
 * outermost in each.
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

export const gpt2: Form = { parameters, logits, config };

function parameters(sizes: Sizes): Parameter[] {
  const { layers, width, vocabulary, contextLength } = sizes;
  const { normal, residual } = deviations(sizes);
  const { list, matrix, vector, norm } = parameterList(sizes);
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

function logits(weights: WeightValues, tokens: ops.Value, sizes: Sizes, batch: Batch): ops.Value {
  const { weight, norm } = reading(weights, "transformer");
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
function attention(qkv: ops.Value, sizes: Sizes, batch: Batch): ops.Value {
  const { heads, width } = sizes;
  const { prompts, positions } = batch;
  const size = width / heads;
  const split = ops.transpose(
    ops.reshape(qkv, [prompts, positions, 3, heads, size]),
    [2, 0, 3, 1, 4],
  );
  const [query, key, value] = [0, 1, 2].map((i) =>
    ops.reshape(ops.slice(split, 0, i, i + 1), [prompts, heads, positions, size])
  );
  return attend(query, key, value, sizes, batch);
}

function config(sizes: Sizes, endOfText: number): Record<string, unknown> {
  return {
    architectures: ["GPT2LMHeadModel"],
    model_type: "gpt2",
    activation_function: sizes.activation ?? "gelu_new",
    vocab_size: sizes.vocabulary,
    n_positions: sizes.contextLength,
    n_embd: sizes.width,
    n_layer: sizes.layers,
    n_head: sizes.heads,
    layer_norm_epsilon: epsilon,
    ...commonConfig(endOfText),
  };
}
