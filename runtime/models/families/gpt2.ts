/**
 * GPT-2: learned positions, LayerNorm before each sublayer, linear maps stored [inputs, outputs]
 * (Hugging Face's Conv1D), query, key and value side by side in one tensor, heads outermost in each.
 *
 * @module
 */
import type { LayerWeights, WeightView } from "../architecture.ts";
import type { Config } from "../config.ts";
import type { Family } from "./family.ts";
import {
  activationOf,
  linear,
  norm,
  perLayer,
  plain,
  sharedHeadSize,
  type Sizes,
} from "./parts.ts";

export const gpt2: Family = {
  name: "gpt2",
  prefix: "transformer.",
  buffers: [/^(transformer\.)?h\.\d+\.attn\.(bias|masked_bias)$/],
  // n_ctx repeats n_positions; upcasting concerns precision below float32. The others are traces of the first releases.
  harmless: [
    ...["n_ctx", "reorder_and_upcast_attn", "n_special", "predict_special_tokens", "output_past"],
    ...["embd_layer", "language"],
  ],
  describe(config) {
    config.only("add_cross_attention", false);
    const sizes = sizesOf(config);
    config.only("hidden_size", sizes.width);
    config.only("num_attention_heads", sizes.heads);
    config.only("num_hidden_layers", sizes.layers);
    config.only("max_position_embeddings", sizes.contextLength);
    config.only("afn", config.text("activation_function", "gelu_new"));
    const { layers, headSize, width, vocabulary, contextLength } = sizes;
    const tied = config.boolean("tie_word_embeddings", true);
    const scaled = config.boolean("scale_attn_weights", true);
    const scale = scaled ? 1 / Math.sqrt(headSize) : 1;
    const byLayer = config.boolean("scale_attn_by_inverse_layer_idx", false);
    const tokenEmbedding = plain("transformer.wte.weight", [vocabulary, width]);
    return {
      architecture: {
        family: "gpt2",
        ...sizes,
        norm: {
          kind: "layer",
          epsilon: config.number("layer_norm_epsilon", 1e-5),
          offsetGain: false,
        },
        activation: activationOf(config, "activation_function", "gelu_new"),
        residual: "sequential",
        learnedPositions: true,
        attention: { scale },
        embeddingScale: 1,
        settings: perLayer(layers, (layer) => byLayer ? { scale: scale / (layer + 1) } : {}),
      },
      weights: {
        tokenEmbedding,
        positionEmbedding: plain("transformer.wpe.weight", [contextLength, width]),
        layers: perLayer(layers, (layer) => layerWeights(`transformer.h.${layer}`, sizes)),
        finalNorm: norm("transformer.ln_f", width, "layer"),
        unembedding: linear(tied ? tokenEmbedding.tensor : "lm_head.weight", vocabulary, width),
      },
    };
  },
};

function sizesOf(config: Config): Sizes {
  const width = config.count("n_embd");
  const heads = config.parts("n_head");
  return {
    layers: config.parts("n_layer"),
    heads,
    keyValueHeads: heads,
    headSize: sharedHeadSize(config, width, heads, "n_head"),
    width,
    mlpWidth: config.count("n_inner", 4 * width),
    vocabulary: config.count("vocab_size"),
    contextLength: config.count("n_positions"),
  };
}

function layerWeights(name: string, { heads, headSize, width, mlpWidth }: Sizes): LayerWeights {
  const part = (index: number): WeightView => ({
    tensor: `${name}.attn.c_attn.weight`,
    dims: [width, 3 * width],
    steps: [
      { kind: "slice", axis: 1, start: index * width, end: (index + 1) * width },
      { kind: "reshape", dims: [width, heads, headSize] },
      { kind: "transpose", permutation: [1, 0, 2] },
    ],
  });
  const partBias = (index: number): WeightView => ({
    tensor: `${name}.attn.c_attn.bias`,
    dims: [3 * width],
    steps: [
      { kind: "slice", axis: 0, start: index * width, end: (index + 1) * width },
      { kind: "reshape", dims: [heads, 1, headSize] },
    ],
  });
  return {
    attentionNorm: norm(`${name}.ln_1`, width, "layer"),
    query: part(0),
    key: part(1),
    value: part(2),
    queryBias: partBias(0),
    keyBias: partBias(1),
    valueBias: partBias(2),
    output: {
      tensor: `${name}.attn.c_proj.weight`,
      dims: [width, width],
      steps: [{ kind: "reshape", dims: [heads, headSize, width] }],
    },
    outputBias: plain(`${name}.attn.c_proj.bias`, [width]),
    mlpNorm: norm(`${name}.ln_2`, width, "layer"),
    up: plain(`${name}.mlp.c_fc.weight`, [width, mlpWidth]),
    upBias: plain(`${name}.mlp.c_fc.bias`, [mlpWidth]),
    down: plain(`${name}.mlp.c_proj.weight`, [mlpWidth, width]),
    downBias: plain(`${name}.mlp.c_proj.bias`, [width]),
  };
}
