/**
 * Compiled programs: what `runtime/programs` writes. No norms, no biases but those of queries and hidden units, relu,
 * and every tensor stored as it is read.
 *
 * @module
 */
import type { Architecture, LayerWeights, WeightMap } from "../architecture.ts";
import type { Family } from "./family.ts";
import { perLayer, plain, sameSettings, type Sizes } from "./parts.ts";

/** `model_type` of a compiled program's config.json. */
export const PROGRAM_FAMILY = "circ_program";

/** Sizes of a compiled program. */
export interface ProgramSizes extends Omit<Sizes, "keyValueHeads"> {
  readonly mask: "causal" | "full";
}

/** The tensors of one layer, as they are named in the checkpoint behind `layers.N.`. */
export const LAYER_TENSORS = [
  "query",
  "queryBias",
  "key",
  "value",
  "output",
  "up",
  "upBias",
  "down",
] as const;
export type LayerTensor = typeof LAYER_TENSORS[number];

export const circProgram: Family = {
  name: PROGRAM_FAMILY,
  prefix: "",
  buffers: [],
  harmless: [],
  describe(config) {
    config.only("attention_mask", "causal", "full");
    const sizes: ProgramSizes = {
      layers: config.parts("layers"),
      heads: config.parts("heads"),
      headSize: config.count("head_size"),
      width: config.count("width"),
      mlpWidth: config.count("mlp_width"),
      vocabulary: config.count("vocab_size"),
      contextLength: config.count("context_length"),
      mask: config.text("attention_mask") as ProgramSizes["mask"],
    };
    return { architecture: programArchitecture(sizes), weights: programWeights(sizes) };
  },
};

/** The settings that `config.json` holds for these sizes. */
export function programConfig(sizes: ProgramSizes): Record<string, string | number> {
  return {
    model_type: PROGRAM_FAMILY,
    layers: sizes.layers,
    heads: sizes.heads,
    head_size: sizes.headSize,
    width: sizes.width,
    mlp_width: sizes.mlpWidth,
    vocab_size: sizes.vocabulary,
    context_length: sizes.contextLength,
    attention_mask: sizes.mask,
  };
}

/** The architecture of a compiled program. */
export function programArchitecture(sizes: ProgramSizes): Architecture {
  const { layers, heads, headSize, width, mlpWidth, vocabulary, contextLength, mask } = sizes;
  return {
    family: PROGRAM_FAMILY,
    layers,
    heads,
    keyValueHeads: heads,
    headSize,
    width,
    mlpWidth,
    vocabulary,
    contextLength,
    norm: { kind: "none", epsilon: 0, offsetGain: false },
    activation: "relu",
    residual: "sequential",
    learnedPositions: true,
    attention: { scale: 1, mask },
    embeddingScale: 1,
    settings: sameSettings(layers, {}),
  };
}

/** The weights' names and shapes. */
export function programWeights(sizes: ProgramSizes): WeightMap {
  const { layers, vocabulary, width, contextLength } = sizes;
  return {
    tokenEmbedding: plain("tokenEmbedding", [vocabulary, width]),
    positionEmbedding: plain("positionEmbedding", [contextLength, width]),
    layers: perLayer(layers, (layer) => layerWeights(layer, sizes)),
    unembedding: plain("unembedding", [width, vocabulary]),
  };
}

function layerWeights(
  layer: number,
  { heads, headSize, width, mlpWidth }: ProgramSizes,
): LayerWeights {
  const dims: Readonly<Record<LayerTensor, readonly number[]>> = {
    query: [heads, width, headSize],
    queryBias: [heads, 1, headSize],
    key: [heads, width, headSize],
    value: [heads, width, headSize],
    output: [heads, headSize, width],
    up: [width, mlpWidth],
    upBias: [mlpWidth],
    down: [mlpWidth, width],
  };
  const views = LAYER_TENSORS.map((
    tensor,
  ) => [tensor, plain(`layers.${layer}.${tensor}`, dims[tensor])]);
  return Object.fromEntries(views) as Pick<Required<LayerWeights>, LayerTensor>;
}
