/**
 * A decoder-only transformer described as data: what every family file produces and what the graph
 * builder consumes. Sizes carry the field's names: `width` is d_model, `headSize` is d_head.
 *
 * @module
 */

/** Element types that a weight may have on disk. */
export type WeightType = "float32" | "float16" | "bfloat16";

/** The bytes of a tensor: a slice of a file. */
export interface TensorLocation {
  /** Absolute path with links resolved. */
  readonly file: string;
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
  readonly type: WeightType;
  readonly dims: readonly number[];
}

/**
 * A tensor of the checkpoint, rearranged: the steps are applied in order.
 * Families differ in little more than these, so they are data, not code.
 */
export interface WeightView {
  readonly tensor: string;
  /** Shape of the tensor as the family stores it, which the file is checked against. */
  readonly dims: readonly number[];
  readonly steps: readonly ViewStep[];
}

/** One step of a rearrangement. */
export type ViewStep =
  | { readonly kind: "slice"; readonly axis: number; readonly start: number; readonly end: number }
  | { readonly kind: "reshape"; readonly dims: readonly number[] }
  | { readonly kind: "transpose"; readonly permutation: readonly number[] };

/** A normalisation's parameters; `bias` is absent for RMSNorm. */
export interface NormWeights {
  readonly gain: WeightView;
  readonly bias?: WeightView;
}

/** Weights of one layer, each view in the stated shape for any layout of the checkpoint. */
export interface LayerWeights {
  /** Norm of the attention's readers; absent where the family normalises after the sublayer only. */
  readonly attentionNorm?: NormWeights;
  /** [heads, width, headSize] */
  readonly query: WeightView;
  /** [keyValueHeads, width, headSize] */
  readonly key: WeightView;
  /** [keyValueHeads, width, headSize] */
  readonly value: WeightView;
  /** [heads, 1, headSize], and [keyValueHeads, 1, headSize] for key and value. */
  readonly queryBias?: WeightView;
  readonly keyBias?: WeightView;
  readonly valueBias?: WeightView;
  /**
   * Gains of the norms of the projected queries and keys, applied before the rotary embedding;
   * `architecture.attention.queryKeyNorm` decides the shape. `head`: [headSize], each head normalised alone. `all`:
   * [heads, 1, headSize] ([keyValueHeads, 1, headSize] for keys), the mean square taken over all heads.
   */
  readonly queryNorm?: WeightView;
  readonly keyNorm?: WeightView;
  /** [heads, headSize, width] */
  readonly output: WeightView;
  /** [width] */
  readonly outputBias?: WeightView;
  /** Norm of the attention's summed output before it joins the stream: gain [width]. */
  readonly attentionPostNorm?: NormWeights;

  readonly mlpNorm?: NormWeights;
  /** [width, mlpWidth] */
  readonly gate?: WeightView;
  /** [mlpWidth] */
  readonly gateBias?: WeightView;
  /** [width, mlpWidth] */
  readonly up: WeightView;
  /** [mlpWidth] */
  readonly upBias?: WeightView;
  /** [mlpWidth, width] */
  readonly down: WeightView;
  /** [width] */
  readonly downBias?: WeightView;
  readonly mlpPostNorm?: NormWeights;
}

/**
 * Rotary position embedding of one layer: dimension i and dimension i + size/2 of a head make a pair
 * (a, b), which position p turns to (a cos - b sin, b cos + a sin) of the angle p * inverseFrequencies[i].
 */
export interface Rotary {
  /** Number of a head's dimensions that turn, the first ones; the others stay as they are. */
  readonly size: number;
  /** Inverse frequency of each pair of dimensions, [size / 2], scaling already applied. */
  readonly inverseFrequencies: Float64Array;
  /** Factor on sine and cosine (longrope's attention factor); 1 for most. */
  readonly factor: number;
}

/** Settings that may differ from layer to layer. */
export interface LayerSettings {
  /** Rotary position embedding; absent where positions are learned. */
  readonly rotary?: Rotary;
  /** Factor on query . key in this layer, in place of the architecture's. */
  readonly scale?: number;
  /** Sliding window in tokens: a position sees itself and `window - 1` positions before it; absent: all before it. */
  readonly window?: number;
}

/** A dense forward pass as data: everything that decides it, apart from the weights' values. */
export interface Architecture {
  /** `model_type` of config.json: gpt2, llama, ... */
  readonly family: string;
  /** Number of layers. */
  readonly layers: number;
  /** Query heads of a layer. */
  readonly heads: number;
  /** Key/value heads of a layer; fewer than `heads` with grouped-query attention. */
  readonly keyValueHeads: number;
  /** Dimensions of a head, d_head. */
  readonly headSize: number;
  /** Dimensions of the residual stream, d_model. */
  readonly width: number;
  /** Hidden units of an MLP. */
  readonly mlpWidth: number;
  /** Number of tokens that the model knows. */
  readonly vocabulary: number;
  /** Longest prompt, in tokens. */
  readonly contextLength: number;
  /** The normalisation before a reader. */
  readonly norm: {
    /** `none`: the reader takes its mix as it is (compiled programs). */
    readonly kind: "layer" | "rms" | "none";
    readonly epsilon: number;
    /** The stored gain is an offset from 1 (Gemma). */
    readonly offsetGain: boolean;
  };
  /** Activation of the MLPs. */
  readonly activation: "gelu" | "gelu_tanh" | "silu" | "relu";
  /** `parallel`: a layer's MLP does not read that layer's heads (GPT-NeoX). */
  readonly residual: "sequential" | "parallel";
  /** True where a learned position embedding is added to the stream. */
  readonly learnedPositions: boolean;
  /** Attention, the same in all layers. */
  readonly attention: {
    /** Factor on query . key, 1/sqrt(headSize) for most. */
    readonly scale: number;
    /** cap * tanh(score / cap), before the causal mask (Gemma 2). */
    readonly softCap?: number;
    /** `full`: every position sees every other (compiled programs); then right padding is not harmless. Absent: causal. */
    readonly mask?: "causal" | "full";
    /**
     * Norm of queries and keys (RMS, `norm.epsilon`, `norm.offsetGain`): of each head alone, or of all heads as
     * one vector.
     */
    readonly queryKeyNorm?: "head" | "all";
  };
  /** Factor on the token embedding (Gemma: sqrt(width) rounded to the stored type). */
  readonly embeddingScale: number;
  /** cap * tanh(logit / cap) (Gemma 2). */
  readonly logitSoftCap?: number;
  /**
   * Settings of every layer, [layers].
   *
   * @internal
   */
  readonly settings: readonly LayerSettings[];
}

/** Activation of an MLP. */
export type Activation = Architecture["activation"];

/** Views of all weights. */
export interface WeightMap {
  /** [vocabulary, width] */
  readonly tokenEmbedding: WeightView;
  /** [contextLength, width]; absent without learned positions. */
  readonly positionEmbedding?: WeightView;
  readonly layers: readonly LayerWeights[];
  /** Absent where there are no norms. */
  readonly finalNorm?: NormWeights;
  /** [width, vocabulary]; a transposed view of the token embedding when tied. */
  readonly unembedding: WeightView;
  readonly unembeddingBias?: WeightView;
}

/** A model on disk, opened: nothing but its description is in memory. */
export interface Model {
  /** Name shown to the user: the folder's base name or the hub's owner/name. */
  readonly name: string;
  /** Absolute path of the folder, with links resolved. */
  readonly folder: string;
  /** The forward pass that the weights are for. */
  readonly architecture: Architecture;
  /**
   * Views of the weights.
   *
   * @internal
   */
  readonly weights: WeightMap;
  /**
   * Files and offsets of the weights, by tensor name.
   *
   * @internal
   */
  readonly tensors: ReadonlyMap<string, TensorLocation>;
  /**
   * SHA-256, hex, over config.json, the tensors' bytes and tokenizer.json: the identity of the model in provenance.
   * Computed once, on first use.
   */
  hash(): Promise<string>;
  /** The model's own tokenizer; null for a model without one. */
  readonly tokenizer: Tokenizer | null;
}

/** The tokenizer of a model: text to token ids and back. */
export interface Tokenizer {
  /**
   * Token ids of a prompt, special tokens added as the model's tokenizer does (a BOS for Llama).
   *
   * @throws {ModelError} for a text that the tokenizer cannot write
   */
  encode(text: string): number[];
  /**
   * Token ids of many prompts, faster than one by one, while the caller goes on.
   *
   * @throws {ModelError} when the tokenizer cannot write one of them
   */
  encodeAll(texts: readonly string[]): Promise<number[][]>;
  /**
   * Token ids of a continuation: no special tokens.
   *
   * @throws {ModelError} for a text that the tokenizer cannot write
   */
  encodePlain(text: string): number[];
  /**
   * Token ids of many continuations, as {@linkcode Tokenizer.encodeAll} gives those of prompts.
   *
   * @throws {ModelError} when the tokenizer cannot write one of them
   */
  encodePlainAll(texts: readonly string[]): Promise<number[][]>;
  /** Text of token ids. */
  decode(tokens: readonly number[]): string;
  /** Text of one token, for display. */
  tokenText(token: number): string;
  /** Number of tokens. */
  readonly vocabulary: number;
}
