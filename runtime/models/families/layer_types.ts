/** Layers that see everything before them, and layers that see a sliding window of it. @module */
import type { Config } from "../config.ts";
import type { Positions } from "./decoder.ts";
import { perLayer, type Sizes } from "./parts.ts";
import { readRotary } from "./rotary.ts";

export type LayerType = "full_attention" | "sliding_attention";

/** The type of each layer: `layer_types` if given, else what the family presumes. */
export function layerTypesOf(
  config: Config,
  layers: number,
  presumed: (layer: number) => LayerType,
): LayerType[] {
  const given = config.raw("layer_types");
  if (given === undefined) return perLayer(layers, presumed);
  const known = ["full_attention", "sliding_attention"];
  if (
    !Array.isArray(given) || given.length !== layers || given.some((type) => !known.includes(type))
  ) {
    throw config.refusal("layer_types", `${layers} of ${known.join(" and ")}`, given);
  }
  return given;
}

/** Qwen's rule: windows only if switched on, and then from layer `max_window_layers` on. */
export function switchedWindows(config: Config, sizes: Sizes): Positions {
  const first = config.raw("max_window_layers") ?? 28;
  if (typeof first !== "number") throw config.refusal("max_window_layers", "a number", first);
  const given = config.optionalCount("sliding_window", 4096);
  const window = config.boolean("use_sliding_window", false) ? given : undefined;
  const types = layerTypesOf(
    config,
    sizes.layers,
    (layer) => window !== undefined && layer >= first ? "sliding_attention" : "full_attention",
  );
  return windowsByType(config, sizes, types, window);
}

/** Layers that turn and see as their types say. */
export function windowsByType(
  config: Config,
  { headSize }: Sizes,
  types: readonly LayerType[],
  window: number | undefined,
): Positions {
  const readings = types.map((type) => readRotary(config, { headSize }, type));
  return {
    settings: types.map((type, layer) => ({
      rotary: readings[layer].rotary,
      ...windowOf(config, type, window),
    })),
    longest: Math.min(...readings.map(({ longest }) => longest)),
  };
}

/** The window of a layer; a sliding layer without a size of window is refused. */
export function windowOf(
  config: Config,
  type: LayerType,
  window: number | undefined,
): { readonly window?: number } {
  if (type === "full_attention") return {};
  if (window === undefined) {
    throw config.refusal("sliding_window", "a number, for a layer is sliding_attention", null);
  }
  return { window };
}
