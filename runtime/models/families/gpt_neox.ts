/**
 * GPT-NeoX and Pythia: the MLP reads beside the attention rather than after it, a part of each head
 * turns with position, and query, key and value of each head are in one tensor.
 *
 * @module
 */
import type { LayerWeights, WeightView } from "../architecture.ts";
import type { Config } from "../config.ts";
import type { Family } from "./family.ts";
import { fromHeads } from "./decoder.ts";
import {
  activationOf,
  linear,
  norm,
  perLayer,
  plain,
  sameSettings,
  sharedHeadSize,
  type Sizes,
} from "./parts.ts";
import { readRotary } from "./rotary.ts";

export const gptNeox: Family = {
  name: "gpt_neox",
  prefix: "gpt_neox.",
  buffers: [/\.attention\.(bias|masked_bias|rotary_emb\.inv_freq)$/],
  harmless: ["is_decoder"],
  describe(config) {
    const sizes = sizesOf(config);
    const { layers, headSize, width, vocabulary } = sizes;
    const { rotary, longest } = readRotary(config, {
      headSize,
      thetaKeys: ["rotary_emb_base", "rope_theta"],
      partial: 0.25,
      partialKeys: ["rotary_pct", "partial_rotary_factor"],
    });
    const biased = config.boolean("attention_bias", true);
    const tied = config.boolean("tie_word_embeddings", false);
    const tokenEmbedding = plain("gpt_neox.embed_in.weight", [vocabulary, width]);
    return {
      architecture: {
        family: "gpt_neox",
        ...sizes,
        contextLength: Math.min(sizes.contextLength, longest),
        norm: { kind: "layer", epsilon: config.number("layer_norm_eps", 1e-5), offsetGain: false },
        activation: activationOf(config, "hidden_act", "gelu"),
        residual: config.boolean("use_parallel_residual", true) ? "parallel" : "sequential",
        learnedPositions: false,
        attention: { scale: 1 / Math.sqrt(headSize) },
        embeddingScale: 1,
        settings: sameSettings(layers, { rotary }),
      },
      weights: {
        tokenEmbedding,
        layers: perLayer(
          layers,
          (layer) => layerWeights(`gpt_neox.layers.${layer}`, sizes, biased),
        ),
        finalNorm: norm("gpt_neox.final_layer_norm", width, "layer"),
        unembedding: linear(tied ? tokenEmbedding.tensor : "embed_out.weight", vocabulary, width),
      },
    };
  },
};

function sizesOf(config: Config): Sizes {
  const width = config.count("hidden_size");
  const heads = config.parts("num_attention_heads");
  return {
    layers: config.parts("num_hidden_layers"),
    heads,
    keyValueHeads: heads,
    headSize: sharedHeadSize(config, width, heads, "num_attention_heads"),
    width,
    mlpWidth: config.count("intermediate_size"),
    vocabulary: config.count("vocab_size"),
    contextLength: config.count("max_position_embeddings", 2048),
  };
}

function layerWeights(name: string, sizes: Sizes, biased: boolean): LayerWeights {
  const { heads, headSize, width, mlpWidth } = sizes;
  // Stored rows: for each head its query, its key, its value.
  const part = (index: number): WeightView => ({
    tensor: `${name}.attention.query_key_value.weight`,
    dims: [3 * width, width],
    steps: [
      { kind: "reshape", dims: [heads, 3 * headSize, width] },
      { kind: "slice", axis: 1, start: index * headSize, end: (index + 1) * headSize },
      { kind: "transpose", permutation: [0, 2, 1] },
    ],
  });
  const partBias = (index: number): WeightView => ({
    tensor: `${name}.attention.query_key_value.bias`,
    dims: [3 * width],
    steps: [
      { kind: "reshape", dims: [heads, 1, 3 * headSize] },
      { kind: "slice", axis: 2, start: index * headSize, end: (index + 1) * headSize },
    ],
  });
  return {
    attentionNorm: norm(`${name}.input_layernorm`, width, "layer"),
    query: part(0),
    key: part(1),
    value: part(2),
    output: fromHeads(`${name}.attention.dense.weight`, sizes),
    ...(biased && {
      queryBias: partBias(0),
      keyBias: partBias(1),
      valueBias: partBias(2),
      outputBias: plain(`${name}.attention.dense.bias`, [width]),
    }),
    mlpNorm: norm(`${name}.post_attention_layernorm`, width, "layer"),
    up: linear(`${name}.mlp.dense_h_to_4h.weight`, mlpWidth, width),
    upBias: plain(`${name}.mlp.dense_h_to_4h.bias`, [mlpWidth]),
    down: linear(`${name}.mlp.dense_4h_to_h.weight`, width, mlpWidth),
    downBias: plain(`${name}.mlp.dense_4h_to_h.bias`, [width]),
  };
}
