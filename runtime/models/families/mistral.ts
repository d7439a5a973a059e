/** Mistral: Llama's layout, with a sliding window in every layer where one is set. @module */
import { decoderFamily, decoderLayer, turnedAlike } from "./decoder.ts";
import type { Family } from "./family.ts";

export const mistral: Family = decoderFamily({
  name: "mistral",
  presumed: { keyValueHeads: 8, contextLength: 131_072 },
  positions: (config, sizes) =>
    turnedAlike(config, sizes, { window: config.optionalCount("sliding_window", 4096) }),
  layer: (_config, sizes) => (name) => decoderLayer(name, sizes, { inputs: false, output: false }),
});
