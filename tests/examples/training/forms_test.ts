/** The trained model is the one that is opened: the training graph and the folder agree. */
import { assert, assertEquals } from "@std/assert";
import * as ort from "../../../base/packages/onnxruntime.ts";
import { roundToFloat16, writeFolder } from "../../../examples/training/folder.ts";
import {
  parameters,
  predictionGraph,
  type Sizes,
  startWeights,
  weightTensors,
} from "../../../examples/training/model.ts";
import { randomFrom } from "../../../base/random.ts";
import { openModel } from "../../../runtime/models/mod.ts";
import { referenceLogits } from "../../runtime/models/reference_forward.ts";

const shape = { layers: 2, heads: 2, width: 16, vocabulary: 23, contextLength: 12 };
const batch = { prompts: 1, positions: 9 };
const forms: readonly Sizes[] = [
  { ...shape, form: "gpt2", activation: "gelu_new" },
  { ...shape, form: "gpt_neox", activation: "relu" },
];

for (const sizes of forms) {
  Deno.test(`${sizes.form}: the folder's model predicts what the training graph predicts`, async () => {
    const random = randomFrom(4);
    const weights = startWeights(parameters(sizes), random);
    // Far from the start, biases and gains too, so that every part is felt.
    for (const data of weights.values()) data.forEach((x, i) => data[i] = x + random.normal() / 4);
    roundToFloat16(weights);
    const parent = await Deno.makeTempDir();
    try {
      const tokenizer = { encode: () => [], vocabulary: 23, endOfText: 22, files: {} };
      await writeFolder(`${parent}/model`, sizes, weights, tokenizer);
      const model = await openModel(`${parent}/model`);
      const tokens = Array.from({ length: batch.positions }, () => random.integer(22));
      const session = await ort.InferenceSession.create(predictionGraph(sizes, batch));
      const { probabilities } = await session.run({
        ...weightTensors(sizes, weights),
        tokens: new ort.Tensor("int32", Int32Array.from(tokens), [tokens.length]),
      });
      await session.release();
      const logits = await referenceLogits(model, tokens);
      let largest = 0;
      logits.forEach((row, position) => {
        const highest = Math.max(...row);
        const sum = row.reduce((total, logit) => total + Math.exp(logit - highest), 0);
        row.forEach((logit, token) => {
          const expected = Math.exp(logit - highest) / sum;
          const found = (probabilities.data as Float32Array)[position * row.length + token];
          largest = Math.max(largest, Math.abs(found - expected));
        });
      });
      assert(largest < 1e-5, `off by ${largest}`);
      assertEquals(model.architecture.family, sizes.form);
    } finally {
      await Deno.remove(parent, { recursive: true });
    }
  });
}
