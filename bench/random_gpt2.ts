/** A model folder with GPT-2 small's shapes and random weights: speed does not depend on the values. @module */
import { type TensorToWrite, writeSafetensors } from "../runtime/models/mod.ts";
import { randomFrom } from "../base/random.ts";

const width = 768;
const layers = 12;
const vocabulary = 50257;
const context = 1024;

/** Writes config.json and model.safetensors (about 500 MB) into `folder`. */
export async function writeRandomGpt2(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(
    `${folder}/config.json`,
    JSON.stringify({
      model_type: "gpt2",
      architectures: ["GPT2LMHeadModel"],
      n_layer: layers,
      n_head: 12,
      n_embd: width,
      vocab_size: vocabulary,
      n_positions: context,
      layer_norm_epsilon: 1e-5,
      activation_function: "gelu_new",
    }),
  );
  await writeSafetensors(`${folder}/model.safetensors`, tensors());
}

function* tensors(): Iterable<TensorToWrite> {
  const random = randomFrom(1);
  // Normal numbers are slow to draw half a billion bytes of; a uniform of the same variance does.
  const uniform = (name: string, dims: number[], deviation: number, centre = 0): TensorToWrite => {
    const data = new Float32Array(dims.reduce((a, b) => a * b, 1));
    const spread = deviation * Math.sqrt(12);
    for (let i = 0; i < data.length; i++) data[i] = centre + spread * (random.uniform() - 0.5);
    return { name, dims, type: "float32", data };
  };
  yield uniform("wte.weight", [vocabulary, width], 0.02);
  yield uniform("wpe.weight", [context, width], 0.01);
  for (let layer = 0; layer < layers; layer++) {
    const tensor = (name: string, dims: number[], centre = 0) =>
      uniform(`h.${layer}.${name}`, dims, 0.02, centre);
    yield tensor("ln_1.weight", [width], 1);
    yield tensor("ln_1.bias", [width]);
    yield tensor("attn.c_attn.weight", [width, 3 * width]);
    yield tensor("attn.c_attn.bias", [3 * width]);
    yield tensor("attn.c_proj.weight", [width, width]);
    yield tensor("attn.c_proj.bias", [width]);
    yield tensor("ln_2.weight", [width], 1);
    yield tensor("ln_2.bias", [width]);
    yield tensor("mlp.c_fc.weight", [width, 4 * width]);
    yield tensor("mlp.c_fc.bias", [4 * width]);
    yield tensor("mlp.c_proj.weight", [4 * width, width]);
    yield tensor("mlp.c_proj.bias", [width]);
  }
  yield uniform("ln_f.weight", [width], 0.02, 1);
  yield uniform("ln_f.bias", [width], 0.02);
}
