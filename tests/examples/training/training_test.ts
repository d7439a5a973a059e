import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as ort from "../../../base/packages/onnxruntime.ts";
import { drawBatch } from "../../../examples/training/batches.ts";
import { readWords, toyCourse } from "../../../examples/toy/data.ts";
import { writeFolder } from "../../../examples/training/folder.ts";
import {
  parameters,
  type Sizes,
  startWeights,
  trainingGraph,
  type Weights,
  weightTensors,
} from "../../../examples/training/model.ts";
import { learningRateAt, type Recipe } from "../../../examples/training/optimiser.ts";
import { makeTokenizer } from "../../../examples/training/tokenizer.ts";
import { train } from "../../../examples/training/training.ts";
import { randomFrom } from "../../../base/random.ts";

const course = toyCourse(readWords());
const tokenizer = makeTokenizer(course, 64);
const small: Sizes = {
  layers: 2,
  heads: 2,
  width: 16,
  vocabulary: tokenizer.vocabulary,
  contextLength: 64,
};
const batch = { prompts: 6, positions: 20 };
const recipe: Recipe = {
  steps: 6,
  learningRate: 1e-2,
  warmUp: 2,
  weightDecay: 0.1,
  longestGradient: 1,
};

function trainSmall(seed: number): Promise<{ weights: Weights; losses: number[] }> {
  const losses: number[] = [];
  return train({
    sizes: small,
    batch,
    recipe,
    course,
    encode: tokenizer.encode,
    padding: tokenizer.endOfText,
    seed,
    onStep: (_step, loss) => losses.push(loss),
  }).then((weights) => ({ weights, losses }));
}

async function filesOf(weights: Weights): Promise<Record<string, Uint8Array>> {
  const folder = `${await Deno.makeTempDir()}/model`;
  await writeFolder(folder, small, weights, tokenizer);
  const files: Record<string, Uint8Array> = {};
  for (const { name } of Deno.readDirSync(folder)) {
    files[name] = Deno.readFileSync(`${folder}/${name}`);
  }
  await Deno.remove(folder, { recursive: true });
  return files;
}

Deno.test("the same seed gives the same folder byte for byte, another seed another", async () => {
  const [first, second, other] = [await trainSmall(3), await trainSmall(3), await trainSmall(4)];
  const files = await filesOf(first.weights);
  assertEquals(Object.keys(files).sort(), [
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
  ]);
  assertEquals(await filesOf(second.weights), files);
  const changed = await filesOf(other.weights);
  assert(changed["model.safetensors"].some((byte, i) => byte !== files["model.safetensors"][i]));
  assert(first.losses.at(-1)! < first.losses[0], `losses ${first.losses}`);
});

Deno.test("the loss's derivatives agree with central differences for every weight", async () => {
  const list = parameters(small);
  const weights = startWeights(list, randomFrom(1));
  // Larger matrices than at the start, so that attention bends enough to be felt in float32.
  for (const { name, decays } of list) {
    if (decays) weights.get(name)!.forEach((value, i, data) => data[i] = 5 * value);
  }
  const drawn = drawBatch(
    course,
    tokenizer.encode,
    batch,
    small.vocabulary,
    tokenizer.endOfText,
    randomFrom(2),
  );
  const session = await ort.InferenceSession.create(trainingGraph(small, batch));
  const rows = batch.prompts * batch.positions;
  const run = () =>
    session.run({
      ...weightTensors(small, weights),
      tokens: new ort.Tensor("int32", drawn.tokens, [rows]),
      targets: new ort.Tensor("float32", drawn.targets, [rows, small.vocabulary]),
    });
  const results = await run();
  for (const { name } of list) {
    const gradient = results[`gradient.${name}`].data as Float32Array;
    // Along the gradient's own direction the difference is largest against float32's rounding.
    const length = Math.hypot(...gradient);
    const data = weights.get(name)!;
    const original = data.slice();
    const reach = 3e-3;
    const lossAt = async (distance: number) => {
      data.forEach((_, i) => data[i] = original[i] + distance * gradient[i] / length);
      const { loss } = await run();
      return (loss.data as Float32Array)[0];
    };
    const slope = (await lossAt(reach) - await lossAt(-reach)) / (2 * reach);
    data.set(original);
    assertAlmostEquals(slope, length, 0.01 * length + 1e-3, name);
  }
  await session.release();
});

Deno.test("the learning rate warms up, peaks and falls to nothing", () => {
  const long = { ...recipe, steps: 100, warmUp: 10 };
  const rates = Array.from({ length: 100 }, (_, step) => learningRateAt(step, long));
  assertAlmostEquals(rates[0], 1e-3, 1e-12);
  assertEquals(Math.max(...rates), 1e-2);
  assertEquals(rates.indexOf(1e-2), 9);
  assert(rates[99] < 1e-5);
});

Deno.test("a folder that cannot be finished leaves the old one and nothing else", async () => {
  const parent = await Deno.makeTempDir();
  const folder = `${parent}/model`;
  const weights = startWeights(parameters(small), randomFrom(1));
  await writeFolder(folder, small, weights, tokenizer);
  const before = Deno.readFileSync(`${folder}/model.safetensors`);
  weights.set("transformer.wte.weight", new Float32Array(3));
  let refused = false;
  await writeFolder(folder, small, weights, tokenizer).catch(() => refused = true);
  assert(refused);
  assertEquals([...Deno.readDirSync(parent)].map(({ name }) => name), ["model"]);
  assertEquals(Deno.readFileSync(`${folder}/model.safetensors`), before);
  await Deno.remove(parent, { recursive: true });
});
