/**
 * Gemma 3, the text model: sliding windows in five layers of six, which turn by other frequencies
 * than the full layers, and each head's query and key normalised.
 *
 * @module
 */
import { headNorms } from "./decoder.ts";
import type { Family } from "./family.ts";
import { gemmaFamily } from "./gemma.ts";
import { layerTypesOf, windowOf } from "./layer_types.ts";
import { readRotaryByType } from "./rotary.ts";

export const gemma3Text: Family = gemmaFamily({
  name: "gemma3_text",
  // `hidden_activation` decides.
  harmless: ["hidden_act"],
  contextLength: 131_072,
  caps: {},
  queryKeyNorm: "head",
  positions: (config, { layers, headSize }) => {
    const pattern = config.count("sliding_window_pattern", 6);
    const types = layerTypesOf(
      config,
      layers,
      (layer) => (layer + 1) % pattern === 0 ? "full_attention" : "sliding_attention",
    );
    const window = config.optionalCount("sliding_window", 4096);
    const readings = readRotaryByType(config, headSize, {
      full_attention: { theta: 1_000_000, thetaKey: "rope_theta" },
      sliding_attention: { theta: 10_000, thetaKey: "rope_local_base_freq" },
    });
    return {
      settings: types.map((type) => ({
        rotary: readings[type].rotary,
        ...windowOf(config, type, window),
      })),
      longest: Math.min(...types.map((type) => readings[type].longest)),
    };
  },
  more: (name, { headSize }) => headNorms(name, headSize),
});
