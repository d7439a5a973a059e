/**
 * A model folder of Llama's family with random weights of any shape: memory and speed do not depend on the values.
 *
 * @module
 */
import type { Architecture } from "../runtime/models/architecture.ts";
import { type TensorToWrite, type WeightType, writeSafetensors } from "../runtime/models/mod.ts";

export type LlamaShape = Pick<
  Architecture,
  "layers" | "heads" | "keyValueHeads" | "headSize" | "width" | "mlpWidth" | "vocabulary"
>;

/** Llama-3.2-1B's shape with a smaller vocabulary: 1.0 billion parameters, 2 GB in float16. */
export const billion: LlamaShape = {
  layers: 16,
  heads: 32,
  keyValueHeads: 8,
  headSize: 64,
  width: 2048,
  mlpWidth: 8192,
  vocabulary: 16384,
};

/** Half a billion parameters (Qwen2.5-0.5B's shape, its vocabulary of 151,936 included). */
export const halfBillion: LlamaShape = {
  layers: 24,
  heads: 14,
  keyValueHeads: 2,
  headSize: 64,
  width: 896,
  mlpWidth: 4864,
  vocabulary: 151936,
};

/** A toy of the same family, for trying a script out. */
export const small: LlamaShape = {
  layers: 4,
  heads: 8,
  keyValueHeads: 2,
  headSize: 32,
  width: 256,
  mlpWidth: 688,
  vocabulary: 4096,
};

/** Writes config.json and model.safetensors into `folder`; head and embedding are tied. */
export async function writeRandomLlama(
  folder: string,
  shape: LlamaShape,
  type: WeightType,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(
    `${folder}/config.json`,
    JSON.stringify({
      model_type: "llama",
      architectures: ["LlamaForCausalLM"],
      hidden_act: "silu",
      hidden_size: shape.width,
      intermediate_size: shape.mlpWidth,
      num_hidden_layers: shape.layers,
      num_attention_heads: shape.heads,
      num_key_value_heads: shape.keyValueHeads,
      head_dim: shape.headSize,
      vocab_size: shape.vocabulary,
      max_position_embeddings: 2048,
      rms_norm_eps: 1e-5,
      rope_theta: 10000,
      tie_word_embeddings: true,
    }),
  );
  await writeSafetensors(`${folder}/model.safetensors`, tensors(shape, type));
}

function* tensors(shape: LlamaShape, type: WeightType): Iterable<TensorToWrite> {
  const { width, mlpWidth, headSize } = shape;
  const random = (name: string, rows: number, columns: number): TensorToWrite => ({
    name,
    dims: [rows, columns],
    type,
    data: () => noise(rows * columns, 1 / Math.sqrt(columns)),
  });
  const ones = (name: string): TensorToWrite => ({
    name,
    dims: [width],
    type,
    data: () => new Float32Array(width).fill(1),
  });
  yield random("model.embed_tokens.weight", shape.vocabulary, width);
  for (let layer = 0; layer < shape.layers; layer++) {
    const name = `model.layers.${layer}`;
    yield ones(`${name}.input_layernorm.weight`);
    yield random(`${name}.self_attn.q_proj.weight`, shape.heads * headSize, width);
    yield random(`${name}.self_attn.k_proj.weight`, shape.keyValueHeads * headSize, width);
    yield random(`${name}.self_attn.v_proj.weight`, shape.keyValueHeads * headSize, width);
    yield random(`${name}.self_attn.o_proj.weight`, width, shape.heads * headSize);
    yield ones(`${name}.post_attention_layernorm.weight`);
    yield random(`${name}.mlp.gate_proj.weight`, mlpWidth, width);
    yield random(`${name}.mlp.up_proj.weight`, mlpWidth, width);
    yield random(`${name}.mlp.down_proj.weight`, width, mlpWidth);
  }
  yield ones("model.norm.weight");
}

/** Uniform numbers of the given deviation by a multiplicative congruence: billions are wanted, and none of them matters. */
function noise(count: number, deviation: number): Float32Array {
  const data = new Float32Array(count);
  const factor = deviation * Math.sqrt(12) / 2 ** 32;
  let state = 1;
  for (let i = 0; i < count; i++) {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    data[i] = state * factor;
  }
  return data;
}
