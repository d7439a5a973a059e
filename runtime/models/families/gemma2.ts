/** Gemma 2: sliding windows in every other layer, soft caps on attention scores and logits. @module */
import type { Family } from "./family.ts";
import { gemmaFamily } from "./gemma.ts";
import { layerTypesOf, windowsByType } from "./layer_types.ts";

export const gemma2: Family = gemmaFamily({
  name: "gemma2",
  // `hidden_activation` decides; the window has two names in early files.
  harmless: ["hidden_act", "sliding_window_size"],
  contextLength: 8192,
  caps: { attention: 50, logits: 30 },
  positions: (config, sizes) => {
    const types = layerTypesOf(
      config,
      sizes.layers,
      (layer) => layer % 2 === 0 ? "sliding_attention" : "full_attention",
    );
    return windowsByType(config, sizes, types, config.optionalCount("sliding_window", 4096));
  },
});
