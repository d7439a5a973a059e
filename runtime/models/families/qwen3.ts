/** Qwen 3: Llama's layout, each head's query and key normalised, and windows that must be switched on. @module */
import { decoderFamily, decoderLayer, headNorms } from "./decoder.ts";
import type { Family } from "./family.ts";
import { switchedWindows } from "./layer_types.ts";

export const qwen3: Family = decoderFamily({
  name: "qwen3",
  presumed: { keyValueHeads: 32, headSize: 128, contextLength: 32_768 },
  positions: switchedWindows,
  architecture: (_config, { headSize }) => ({
    attention: { scale: 1 / Math.sqrt(headSize), queryKeyNorm: "head" },
  }),
  layer: (config, sizes) => {
    const biased = config.boolean("attention_bias", false);
    return (name) => ({
      ...decoderLayer(name, sizes, { inputs: biased, output: biased }),
      ...headNorms(name, sizes.headSize),
    });
  },
});
