/**
 * Weights of the families that store them as Llama does: separate projections
 * stored [outputs, inputs], heads outermost; a gated MLP; an embedding and a head.
 *
 * @module
 */
import type { LayerWeights, NormWeights, WeightMap, WeightView } from "../architecture.ts";
import type { Config } from "../config.ts";
import { linear, norm, perLayer, plain, sharedHeadSize, type Sizes } from "./parts.ts";

/** Precomputed frequencies that older checkpoints carry. */
export const rotaryBuffers: readonly RegExp[] = [/(^|\.)rotary_emb\.inv_freq$/];

/**
 * Sizes under Llama's keys.
 *
 * @param keyValueHeads presumed where the key is absent; as many as query heads if not given, or where it is null.
 * @param headSize presumed where the key is absent; the width shared by the heads if not given.
 */
export function decoderSizes(
  config: Config,
  presumed: { readonly keyValueHeads?: number; readonly headSize?: number } = {},
): Sizes {
  const width = config.count("hidden_size");
  const heads = config.count("num_attention_heads");
  const keyValueHeads = config.optionalCount("num_key_value_heads", presumed.keyValueHeads) ??
    heads;
  if (heads % keyValueHeads !== 0) {
    throw config.refusal("num_key_value_heads", `a divisor of ${heads} heads`, keyValueHeads);
  }
  const headSize = config.optionalCount("head_dim", presumed.headSize) ??
    sharedHeadSize(config, width, heads, "num_attention_heads");
  return {
    layers: config.count("num_hidden_layers"),
    heads,
    keyValueHeads,
    headSize,
    width,
    mlpWidth: config.count("intermediate_size"),
    vocabulary: config.count("vocab_size"),
    contextLength: config.count("max_position_embeddings"),
  };
}

/** RMSNorm with a gain as it is stored. */
export function rmsNorm(config: Config, epsilon: number) {
  return {
    kind: "rms",
    epsilon: config.number("rms_norm_eps", epsilon),
    offsetGain: false,
  } as const;
}

/** Gain of an RMSNorm. */
export function rms(name: string, width: number): NormWeights {
  return norm(name, width, "rms");
}

/** A projection to heads, stored [heads * headSize, width], as [heads, width, headSize]. */
export function toHeads(
  tensor: string,
  heads: number,
  { headSize, width }: Sizes,
): WeightView {
  return {
    tensor,
    dims: [heads * headSize, width],
    steps: [
      { kind: "reshape", dims: [heads, headSize, width] },
      { kind: "transpose", permutation: [0, 2, 1] },
    ],
  };
}

/** One value per dimension of each head (a bias, a gain), as [heads, 1, headSize]. */
export function headsVector(tensor: string, heads: number, headSize: number): WeightView {
  return {
    tensor,
    dims: [heads * headSize],
    steps: [{ kind: "reshape", dims: [heads, 1, headSize] }],
  };
}

/** A projection from heads, stored [width, heads * headSize], as [heads, headSize, width]. */
export function fromHeads(tensor: string, { heads, headSize, width }: Sizes): WeightView {
  return {
    tensor,
    dims: [width, heads * headSize],
    steps: [
      { kind: "reshape", dims: [width, heads, headSize] },
      { kind: "transpose", permutation: [1, 2, 0] },
    ],
  };
}

/** Weights of `q_proj`, `k_proj`, `v_proj` and `o_proj`, and such biases as there are. */
export function separateProjections(
  name: string,
  sizes: Sizes,
  biased: { readonly inputs: boolean; readonly output: boolean },
): Pick<
  LayerWeights,
  "query" | "key" | "value" | "output" | "queryBias" | "keyBias" | "valueBias" | "outputBias"
> {
  const { heads, keyValueHeads, headSize, width } = sizes;
  return {
    query: toHeads(`${name}.q_proj.weight`, heads, sizes),
    key: toHeads(`${name}.k_proj.weight`, keyValueHeads, sizes),
    value: toHeads(`${name}.v_proj.weight`, keyValueHeads, sizes),
    ...(biased.inputs && {
      queryBias: headsVector(`${name}.q_proj.bias`, heads, headSize),
      keyBias: headsVector(`${name}.k_proj.bias`, keyValueHeads, headSize),
      valueBias: headsVector(`${name}.v_proj.bias`, keyValueHeads, headSize),
    }),
    output: fromHeads(`${name}.o_proj.weight`, sizes),
    ...(biased.output && { outputBias: plain(`${name}.o_proj.bias`, [width]) }),
  };
}

/** Weights of `gate_proj`, `up_proj` and `down_proj`. */
export function gatedMlp(
  name: string,
  { width, mlpWidth }: Sizes,
  biased = false,
): Pick<LayerWeights, "gate" | "up" | "down" | "gateBias" | "upBias" | "downBias"> {
  return {
    gate: linear(`${name}.gate_proj.weight`, mlpWidth, width),
    up: linear(`${name}.up_proj.weight`, mlpWidth, width),
    down: linear(`${name}.down_proj.weight`, width, mlpWidth),
    ...(biased && {
      gateBias: plain(`${name}.gate_proj.bias`, [mlpWidth]),
      upBias: plain(`${name}.up_proj.bias`, [mlpWidth]),
      downBias: plain(`${name}.down_proj.bias`, [width]),
    }),
  };
}

/** Embedding, layers (each given its name and number), last norm and head. */
export function decoderWeights(
  { layers, vocabulary, width }: Sizes,
  tied: boolean,
  layerWeights: (name: string, layer: number) => LayerWeights,
): WeightMap {
  const tokenEmbedding = plain("model.embed_tokens.weight", [vocabulary, width]);
  return {
    tokenEmbedding,
    layers: perLayer(layers, (layer) => layerWeights(`model.layers.${layer}`, layer)),
    finalNorm: rms("model.norm", width),
    unembedding: linear(tied ? tokenEmbedding.tensor : "lm_head.weight", vocabulary, width),
  };
}
