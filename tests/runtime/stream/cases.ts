/** Small models of every kind that the stream tells apart, with an engine's device and ways to count edges. */
import type { Convention } from "../../../runtime/universe/universe.ts";
import { chooseDevice } from "../../../runtime/engine/mod.ts";

export const fixtures = new URL("../../fixtures/", import.meta.url).pathname;
export const device = await chooseDevice(Deno.env.get("CIRC_TEST_DEVICE") as "cpu" ?? "cpu", 1);
export const split: Convention = { embeddings: "split", qkv: "split" };
export const joint: Convention = { embeddings: "joint", qkv: "joint" };

/** Folders of the fixtures: with and without grouped heads, parallel layers, norms over all heads. */
export const cases: readonly [
  folder: string,
  convention: Convention,
  ablation: "interchange" | "zero",
][] = [
  ["gpt2-tiny", split, "interchange"],
  ["gpt2-tiny", split, "zero"],
  ["gpt2-tiny", joint, "interchange"],
  ["architectures/llama-gqa", split, "interchange"],
  ["architectures/gpt-neox", split, "interchange"],
  ["architectures/olmo2", split, "interchange"],
  ["architectures/olmo2", joint, "interchange"],
  ["architectures/olmo2", split, "zero"],
  ["architectures/gemma2", split, "interchange"],
];
