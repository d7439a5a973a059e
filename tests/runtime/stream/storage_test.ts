/** The storage of weights changes nothing: narrow types and shards give the results of one float32 file. */
import { assert, assertLessOrEqual } from "@std/assert";
import { universeOf } from "../../../runtime/universe/universe.ts";
import { chooseDevice } from "../../../runtime/engine/mod.ts";
import {
  type Model,
  openModel,
  shapeOf,
  type WeightType,
  writeSafetensors,
} from "../../../runtime/models/mod.ts";
import { readTensor } from "../models/values.ts";
import { openStream } from "../../../runtime/stream/stream.ts";
import { fixture, readJson, standardDeviation, withFolder } from "../models/helpers.ts";
import { referenceLogits } from "../models/reference_forward.ts";

const device = await chooseDevice(Deno.env.get("CIRC_TEST_DEVICE") as "cpu" ?? "cpu");

/** Writes a model's folder again with another element type, in one file or, with `shards`, spread over several. */
async function rewrite(
  from: Model,
  folder: string,
  type: WeightType,
  shards: number,
): Promise<Model> {
  await Deno.mkdir(folder);
  await Deno.copyFile(`${from.folder}/config.json`, `${folder}/config.json`);
  const tensors = [];
  for (const [name, location] of from.tensors) {
    const { dims, data } = await readTensor(location);
    tensors.push({ name, dims, type, data });
  }
  if (shards === 1) {
    await writeSafetensors(`${folder}/model.safetensors`, tensors);
    return await openModel(folder);
  }
  const file = (i: number) => `model-0000${i % shards + 1}-of-0000${shards}.safetensors`;
  for (let shard = 0; shard < shards; shard++) {
    await writeSafetensors(
      `${folder}/${file(shard)}`,
      tensors.filter((_, i) => i % shards === shard),
    );
  }
  const index = {
    metadata: {
      total_size: tensors.reduce((sum, t) => sum + t.data.length * (type === "float32" ? 4 : 2), 0),
    },
    weight_map: Object.fromEntries(tensors.map(({ name }, i) => [name, file(i)])),
  };
  await Deno.writeTextFile(`${folder}/model.safetensors.index.json`, JSON.stringify(index));
  return await openModel(folder);
}

/** The stream's logits with all masks open, and the KL's gradient with all masks half open. */
async function through(model: Model, prompts: readonly number[][]) {
  const convention = { embeddings: "split", qkv: "split" } as const;
  const universe = universeOf(shapeOf(model.architecture), convention);
  const stream = openStream(device, model, universe, { batch: 2, memoryBudget: 1e9 });
  const [clean, corrupted] = prompts.map((tokens) => Int32Array.from(tokens));
  const prepared = await stream.prepare([
    { cleanTokens: clean, corruptedTokens: corrupted },
    { cleanTokens: corrupted, corruptedTokens: clean },
  ]);
  const masks = (z: number) => new Float32Array(universe.edgeCount).fill(z);
  const { logits } = await stream.evaluate(prepared, masks(1), [0, 1], true);
  const { gradient } = await stream.gradient(prepared, masks(0.5), [0, 1], { kind: "kl" });
  await stream.close();
  return { logits, gradient };
}

const largest = (values: Float32Array) => values.reduce((a, x) => Math.max(a, Math.abs(x)), 0);

// Tied and untied heads; fused and separate projections; a transposed layout; learned positions.
for (
  const [name, type, shards] of [
    ["gpt2", "bfloat16", 3],
    ["llama-gqa", "float16", 1],
    ["phi3", "float16", 3],
    ["phi3", "float32", 2],
    ["gemma2", "bfloat16", 1],
  ] as const
) {
  Deno.test(`${name} as ${type} in ${shards} files`, () =>
    withFolder(async (folder) => {
      const original = await openModel(fixture(`architectures/${name}`));
      const stored = await rewrite(original, `${folder}/stored`, type, shards);
      assert([...stored.tensors.values()].every((location) => location.type === type));
      const plain = await rewrite(stored, `${folder}/plain`, "float32", 1);
      const { tokens } = readJson<{ tokens: number[][] }>(`architectures/${name}/golden.json`);
      const prompts = tokens.slice(0, 2);

      const found = await through(stored, prompts);
      const rows = await Promise.all(prompts.map((prompt) => referenceLogits(stored, prompt)));
      const golden = rows.flatMap((row) => [...row.at(-1)!]);
      const error = largest(found.logits.map((x, i) => x - golden[i]));
      assertLessOrEqual(error / standardDeviation(golden), 2e-4);

      const expected = await through(plain, prompts);
      const difference = largest(found.gradient.map((x, i) => x - expected.gradient[i]));
      assertLessOrEqual(difference, 1e-5 * largest(expected.gradient));
    }));
}
