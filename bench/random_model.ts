/** Model folders with random weights: neither speed nor memory depends on the values. @module */
import { Config } from "../runtime/models/config.ts";
import { describeModel } from "../runtime/models/families/mod.ts";
import { type WeightType, writeSafetensors } from "../runtime/models/mod.ts";
import { viewsOf } from "../runtime/models/views.ts";

/** Settings of `config.json`. */
export type Settings = Readonly<Record<string, unknown>>;

/** GPT-2 small: 124 million parameters. */
export const gpt2Small: Settings = {
  model_type: "gpt2",
  n_layer: 12,
  n_head: 12,
  n_embd: 768,
  vocab_size: 50257,
  n_positions: 1024,
};

const llama = {
  model_type: "llama",
  max_position_embeddings: 2048,
  rms_norm_eps: 1e-5,
  tie_word_embeddings: true,
};

/** Llamas. */
export const llamas = {
  /** Llama-3.2-1B's shape with a smaller vocabulary: 1.0 billion parameters, 2 GB in float16. */
  billion: {
    ...llama,
    num_hidden_layers: 16,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    hidden_size: 2048,
    intermediate_size: 8192,
    vocab_size: 16384,
  },
  /** Half a billion parameters (Qwen2.5-0.5B's shape, its vocabulary of 151,936 included). */
  halfBillion: {
    ...llama,
    num_hidden_layers: 24,
    num_attention_heads: 14,
    num_key_value_heads: 2,
    hidden_size: 896,
    intermediate_size: 4864,
    vocab_size: 151936,
  },
  /** A toy of the same family. */
  small: {
    ...llama,
    num_hidden_layers: 4,
    num_attention_heads: 8,
    num_key_value_heads: 2,
    hidden_size: 256,
    intermediate_size: 688,
    vocab_size: 4096,
  },
} satisfies Record<string, Settings>;

/** Writes config.json and model.safetensors into `folder`: vectors of ones, matrices of random numbers. */
export async function writeRandomModel(
  folder: string,
  settings: Settings,
  type: WeightType = "float32",
): Promise<void> {
  const path = `${folder}/config.json`;
  const views = viewsOf(describeModel(new Config(path, settings)).weights);
  const shapes = new Map(views.map(({ tensor, dims }) => [tensor, dims]));
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(path, JSON.stringify(settings));
  await writeSafetensors(
    `${folder}/model.safetensors`,
    Array.from(shapes, ([name, dims]) => ({ name, dims, type, data: () => valuesOf(dims) })),
  );
}

/** Uniform numbers by a multiplicative congruence: billions are wanted, and none of them matters. */
function valuesOf(dims: readonly number[]): Float32Array {
  const data = new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(1);
  if (dims.length === 1) return data;
  const factor = Math.sqrt(12 / dims.at(-1)!) / 2 ** 32;
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    data[i] = state * factor;
  }
  return data;
}

/** Bytes of the process that were resident at most so far. Linux counts them; elsewhere what is resident now. */
export function peakBytes(): number {
  const status = Deno.build.os === "linux" ? Deno.readTextFileSync("/proc/self/status") : "";
  const match = status.match(/VmHWM:\s*(\d+) kB/);
  return match ? Number(match[1]) * 1024 : Deno.memoryUsage().rss;
}
