/** Gemma 1: Llama's layout, with gains stored as offsets from 1, a scaled embedding and tanh-approximated GELU. @module */
import { decoderFamily, decoderLayer, rmsNorm } from "./decoder.ts";
import type { Family } from "./family.ts";
import { embeddingScale } from "./gemma.ts";

export const gemma1: Family = decoderFamily({
  name: "gemma",
  presumed: { keyValueHeads: 16, headSize: 256, tied: true, contextLength: 8192 },
  activation: ["hidden_activation", "gelu_pytorch_tanh"],
  architecture: (config, { width }) => {
    config.only("use_bidirectional_attention", false);
    // Published files say "gelu" here and mean the approximation.
    config.only("hidden_act", "gelu", "gelu_pytorch_tanh");
    return {
      norm: { ...rmsNorm(config), offsetGain: true },
      embeddingScale: embeddingScale(config, width),
    };
  },
  layer: (config, sizes) => {
    const biased = config.boolean("attention_bias", false);
    return (name) => decoderLayer(name, sizes, { inputs: biased, output: biased });
  },
});
