/** Llama 2 and 3, CodeLlama: rotary positions, RMSNorm before each sublayer, gated MLP, grouped queries. @module */
import { decoderFamily, decoderLayer, gatedMlp } from "./decoder.ts";
import type { Family } from "./family.ts";

export const llama: Family = decoderFamily({
  name: "llama",
  presumed: { contextLength: 2048 },
  layer: (config, sizes) => {
    const biased = config.boolean("attention_bias", false);
    const mlpBiased = config.boolean("mlp_bias", false);
    return (name) => ({
      ...decoderLayer(name, sizes, { inputs: biased, output: biased }),
      ...gatedMlp(`${name}.mlp`, sizes, mlpBiased),
    });
  },
});
