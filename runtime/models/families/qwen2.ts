/** Qwen 2 and 2.5: Llama's layout with biases on query, key and value, and windows that must be switched on. @module */
import { decoderFamily, decoderLayer } from "./decoder.ts";
import type { Family } from "./family.ts";
import { switchedWindows } from "./layer_types.ts";

export const qwen2: Family = decoderFamily({
  name: "qwen2",
  presumed: { keyValueHeads: 32, contextLength: 32_768 },
  positions: switchedWindows,
  layer: (_config, sizes) => (name) => decoderLayer(name, sizes, { inputs: true, output: false }),
});
