/**
 * Families that store their weights as Llama does: separate projections stored [outputs, inputs], heads
 * outermost; a gated MLP; an embedding and a head.
 *
 * @module
 */
import type {
  Architecture,
  LayerSettings,
  LayerWeights,
  NormWeights,
  WeightMap,
  WeightView,
} from "../architecture.ts";
import type { Config } from "../config.ts";
import type { Family } from "./family.ts";
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
import { readRotary, type RotaryDefaults } from "./rotary.ts";

/** Settings of every layer, and the longest prompt, in tokens, for which they hold. */
export interface Positions {
  readonly settings: readonly LayerSettings[];
  readonly longest: number;
}

/** The facts that set a family apart from Llama. */
export interface DecoderFamily {
  readonly name: string;
  readonly harmless?: readonly string[];
  /** Values of keys that are absent. */
  readonly presumed?: {
    /** As many as query heads unless given, or where the key is null. */
    readonly keyValueHeads?: number;
    /** Longest prompt, where the configuration does not name it. */
    readonly contextLength?: number;
    /** The width shared by the heads unless given. */
    readonly headSize?: number;
    /** Of the norms; 1e-6 unless given. */
    readonly epsilon?: number;
    /** The head is the embedding; false unless given. */
    readonly tied?: boolean;
  };
  /** Key of the activation and its presumed value; `hidden_act` and `silu` unless given. */
  readonly activation?: readonly [key: string, presumed: string];
  /** One rotary embedding and no window in every layer unless given. */
  readonly positions?: (config: Config, sizes: Sizes) => Positions;
  /** Fields that differ from Llama's. */
  readonly architecture?: (config: Config, sizes: Sizes) => Partial<Architecture>;
  /** Weights of a layer, whose tensors' names begin with `name`. */
  readonly layer: (config: Config, sizes: Sizes) => (name: string) => LayerWeights;
}

/** A family, from the facts that set it apart. */
export function decoderFamily({
  name,
  harmless = [],
  presumed = {},
  activation: [key, usual] = ["hidden_act", "silu"],
  positions = turnedAlike,
  architecture = () => ({}),
  layer,
}: DecoderFamily): Family {
  return {
    name,
    prefix: "model.",
    // Precomputed frequencies that older checkpoints carry.
    buffers: [/(^|\.)rotary_emb\.inv_freq$/],
    harmless,
    describe(config) {
      const sizes = decoderSizes(config, presumed);
      const { settings, longest } = positions(config, sizes);
      const tied = config.boolean("tie_word_embeddings", presumed.tied ?? false);
      return {
        architecture: {
          family: name,
          ...sizes,
          contextLength: Math.min(sizes.contextLength, longest),
          norm: rmsNorm(config, presumed.epsilon),
          activation: activationOf(config, key, usual),
          residual: "sequential",
          learnedPositions: false,
          attention: { scale: 1 / Math.sqrt(sizes.headSize) },
          embeddingScale: 1,
          settings,
          ...architecture(config, sizes),
        },
        weights: decoderWeights(sizes, tied, layer(config, sizes)),
      };
    },
  };
}

/** The same rotary embedding in every layer, and the same window where there is one. */
export function turnedAlike(
  config: Config,
  { layers, headSize }: Sizes,
  { window, ...defaults }: Partial<RotaryDefaults> & { readonly window?: number } = {},
): Positions {
  const { rotary, longest } = readRotary(config, { headSize, ...defaults });
  return { settings: sameSettings(layers, { rotary, ...(window && { window }) }), longest };
}

/** Weights of Llama's layer: a norm before the attention and one before the MLP. */
export function decoderLayer(
  name: string,
  sizes: Sizes,
  biased: { readonly inputs: boolean; readonly output: boolean },
): LayerWeights {
  return {
    attentionNorm: rms(`${name}.input_layernorm`, sizes.width),
    ...separateProjections(`${name}.self_attn`, sizes, biased),
    mlpNorm: rms(`${name}.post_attention_layernorm`, sizes.width),
    ...gatedMlp(`${name}.mlp`, sizes),
  };
}

/** Gains by which the query and key of each head are normalised. */
export function headNorms(
  name: string,
  headSize: number,
): Pick<LayerWeights, "queryNorm" | "keyNorm"> {
  return {
    queryNorm: plain(`${name}.self_attn.q_norm.weight`, [headSize]),
    keyNorm: plain(`${name}.self_attn.k_norm.weight`, [headSize]),
  };
}

/** Sizes under Llama's keys. */
function decoderSizes(
  config: Config,
  presumed: NonNullable<DecoderFamily["presumed"]>,
): Sizes {
  const width = config.count("hidden_size");
  const heads = config.parts("num_attention_heads");
  const keyValueHeads = config.optionalCount("num_key_value_heads", presumed.keyValueHeads) ??
    heads;
  if (heads % keyValueHeads !== 0) {
    throw config.refusal("num_key_value_heads", `a divisor of ${heads} heads`, keyValueHeads);
  }
  const headSize = config.optionalCount("head_dim", presumed.headSize) ??
    sharedHeadSize(config, width, heads, "num_attention_heads");
  return {
    layers: config.parts("num_hidden_layers"),
    heads,
    keyValueHeads,
    headSize,
    width,
    mlpWidth: config.count("intermediate_size"),
    vocabulary: config.count("vocab_size"),
    contextLength: config.count("max_position_embeddings", presumed.contextLength),
  };
}

/** RMSNorm with a gain as it is stored. */
export function rmsNorm(config: Config, epsilon = 1e-6) {
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
function toHeads(
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

/** Embedding, layers (each given its name), last norm and head. */
function decoderWeights(
  { layers, vocabulary, width }: Sizes,
  tied: boolean,
  layerWeights: (name: string) => LayerWeights,
): WeightMap {
  const tokenEmbedding = plain("model.embed_tokens.weight", [vocabulary, width]);
  return {
    tokenEmbedding,
    layers: perLayer(layers, (layer) => layerWeights(`model.layers.${layer}`)),
    finalNorm: rms("model.norm", width),
    unembedding: linear(tied ? tokenEmbedding.tensor : "lm_head.weight", vocabulary, width),
  };
}
