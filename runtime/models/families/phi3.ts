/**
 * Phi-3: Llama's layout with query, key and value in one tensor, one after the other, and gate and up likewise.
 *
 * @module
 */
import type { LayerWeights, ViewStep, WeightView } from "../architecture.ts";
import { decoderFamily, fromHeads, rms, turnedAlike } from "./decoder.ts";
import type { Family } from "./family.ts";
import { linear, type Sizes } from "./parts.ts";

export const phi3: Family = decoderFamily({
  name: "phi3",
  // The first is read where positions are scaled by it; the others the published model does not read.
  harmless: ["original_max_position_embeddings", "full_attn_mod", "interpolate_factor"],
  presumed: { epsilon: 1e-5, contextLength: 4096 },
  positions: (config, sizes) =>
    turnedAlike(config, sizes, {
      // Names that early checkpoints gave to longrope.
      aliases: { su: "longrope", yarn: "longrope" },
      window: config.optionalCount("sliding_window"),
    }),
  layer: (_config, sizes) => (name) => ({
    attentionNorm: rms(`${name}.input_layernorm`, sizes.width),
    ...fusedProjections(`${name}.self_attn`, sizes),
    mlpNorm: rms(`${name}.post_attention_layernorm`, sizes.width),
    ...fusedMlp(`${name}.mlp`, sizes),
  }),
});

function fusedProjections(
  name: string,
  sizes: Sizes,
): Pick<LayerWeights, "query" | "key" | "value" | "output"> {
  const { heads, keyValueHeads, headSize, width } = sizes;
  const part = (firstHead: number, count: number): WeightView => ({
    tensor: `${name}.qkv_proj.weight`,
    dims: [(heads + 2 * keyValueHeads) * headSize, width],
    steps: [
      rows(firstHead * headSize, count * headSize),
      { kind: "reshape", dims: [count, headSize, width] },
      { kind: "transpose", permutation: [0, 2, 1] },
    ],
  });
  return {
    query: part(0, heads),
    key: part(heads, keyValueHeads),
    value: part(heads + keyValueHeads, keyValueHeads),
    output: fromHeads(`${name}.o_proj.weight`, sizes),
  };
}

function fusedMlp(
  name: string,
  { width, mlpWidth }: Sizes,
): Pick<LayerWeights, "gate" | "up" | "down"> {
  const part = (start: number): WeightView => ({
    tensor: `${name}.gate_up_proj.weight`,
    dims: [2 * mlpWidth, width],
    steps: [rows(start, mlpWidth), { kind: "transpose", permutation: [1, 0] }],
  });
  return {
    gate: part(0),
    up: part(mlpWidth),
    down: linear(`${name}.down_proj.weight`, width, mlpWidth),
  };
}

function rows(start: number, count: number): ViewStep {
  return { kind: "slice", axis: 0, start, end: start + count };
}
