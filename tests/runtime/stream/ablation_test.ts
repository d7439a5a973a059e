/** Contents of masked-out edges under every ablation. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type Universe, universeOf } from "../../../runtime/universe/universe.ts";
import { chooseDevice } from "../../../runtime/engine/mod.ts";
import { type Model, openModel, shapeOf } from "../../../runtime/models/mod.ts";
import { randomFrom } from "../../../base/random.ts";
import { type Ablation, ablations as records } from "../../../runtime/universe/ablations.ts";
import type { Stream, StreamExample } from "../../../runtime/stream/contract.ts";
import { openStream } from "../../../runtime/stream/stream.ts";
import { verified } from "../../support/verified.ts";
import { standardDeviation } from "../models/helpers.ts";
import { ablationReference, loader } from "./reference_masked.ts";

const fixtures = new URL("../../fixtures/", import.meta.url).pathname;
const ablations = Object.keys(records) as Ablation[];
const device = await chooseDevice("cpu", 1);

interface Opened {
  readonly model: Model;
  readonly universe: Universe;
}

async function withStream(
  folder: string,
  memoryBudget: number,
  run: (stream: Stream, draw: (length: number) => Int32Array, opened: Opened) => Promise<void>,
) {
  const model = await openModel(fixtures + folder);
  const universe = universeOf(shapeOf(model.architecture), { embeddings: "split", qkv: "split" });
  const stream = openStream(device, model, universe, { batch: 4, memoryBudget });
  const random = randomFrom(5, folder);
  await run(
    stream,
    (length) => Int32Array.from({ length }, () => random.integer(model.architecture.vocabulary)),
    { model, universe },
  );
  await stream.close();
}

const constant = (stream: Stream, z: number) => new Float32Array(stream.universe.edgeCount).fill(z);

for (const folder of ["gpt2-tiny", "architectures/qwen2", "architectures/gemma2"]) {
  Deno.test(`${folder}: with all masks open every ablation gives the full model`, () =>
    withStream(folder, 1e9, async (stream, draw) => {
      const examples = [5, 5, 7].map((n) => ({ cleanTokens: draw(n), corruptedTokens: draw(n) }));
      for (const ablation of ablations) {
        const prepared = await stream.prepare(examples, ablation);
        const { kl } = await stream.evaluate(prepared, constant(stream, 1), [0, 1, 2], false);
        kl.forEach((value) => assertAlmostEquals(value, 0, 1e-5, ablation));
      }
    }));
}

const families = [
  "gpt2-tiny",
  ...[...Deno.readDirSync(fixtures + "architectures")].map(({ name }) => `architectures/${name}`)
    .sort(),
];

/** A float64 pass of an ablation's definition, for each of some examples. */
const referencesOf = (
  { model, universe }: Opened,
  ablation: Ablation,
  examples: readonly StreamExample[],
  meanOver: readonly StreamExample[],
) => {
  const load = loader(model);
  const corrupted = meanOver.map(({ corruptedTokens }) => Array.from(corruptedTokens));
  return Promise.all(examples.map((example) =>
    ablationReference(ablation, model, load, universe, {
      clean: Array.from(example.cleanTokens),
      corrupted: Array.from(example.corruptedTokens),
      meanOver: corrupted,
    })
  ));
};

for (const ablation of ablations) {
  Deno.test(`${ablation} is what its definition says, in every family`, async () => {
    let difference = 0;
    for (const folder of families) {
      await withStream(folder, 1e9, async (stream, draw, opened) => {
        const drawn = (n: number) => ({ cleanTokens: draw(n), corruptedTokens: draw(n) });
        // The means are over other prompts, of other lengths, in other batches.
        const [examples, others] = [[3, 5, 5].map(drawn), [6, 2, 5, 5, 1].map(drawn)];
        const random = randomFrom(9, folder);
        const z = Float32Array.from(
          { length: stream.universe.edgeCount },
          () => random.uniform() < 0.2 ? 0 : random.uniform(),
        );
        const prepared = await stream.prepare(examples, ablation, undefined, others);
        const { logits } = await stream.evaluate(prepared, z, [0, 1, 2], true);
        const references = await referencesOf(opened, ablation, examples, others);
        const expected = (await Promise.all(references.map((masked) => masked(z))))
          .flatMap((rows) => Array.from(rows.at(-1)!));
        const scale = standardDeviation(expected);
        expected.forEach((logit, i) => {
          difference = Math.max(difference, Math.abs(logits[i] - logit) / scale);
        });
      });
    }
    verified({
      of: "ablation",
      name: ablation,
      against: "a float64 pass of its definition: logits of every family",
      difference,
      tolerance: 2e-5,
      unit: "of their deviation",
    });
  });

  Deno.test(`${ablation}: derivatives are those of its definition`, () =>
    withStream("gpt2-tiny", 1e9, async (stream, draw, opened) => {
      const drawn = (n: number) => ({ cleanTokens: draw(n), corruptedTokens: draw(n) });
      const [examples, others] = [[4, 6].map(drawn), [7, 3].map(drawn)];
      const { vocabulary } = opened.model.architecture;
      const random = randomFrom(10, ablation);
      const z = Float32Array.from({ length: stream.universe.edgeCount }, () => random.uniform());
      const coefficients = Float32Array.from({ length: 2 * vocabulary }, () => random.normal());
      const prepared = await stream.prepare(examples, ablation, undefined, others);
      const loss = { kind: "logits", coefficients } as const;
      const { gradient } = await stream.gradient(prepared, z, [0, 1], loss);
      const references = await referencesOf(opened, ablation, examples, others);
      const lossAt = async (masks: ArrayLike<number>) => {
        const rows = await Promise.all(references.map((masked) => masked(masks)));
        return rows.flatMap((row) => Array.from(row.at(-1)!))
          .reduce((sum, logit, i) => sum + coefficients[i] * logit / 2, 0);
      };
      const reach = gradient.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
      let difference = 0;
      for (let edge = 0; edge < z.length; edge += 7) {
        const [above, below] = await Promise.all(
          [1e-4, -1e-4].map((step) =>
            lossAt(Float64Array.from(z, (mask, e) => e === edge ? mask + step : mask))
          ),
        );
        const expected = (above - below) / 2e-4;
        difference = Math.max(difference, Math.abs(gradient[edge] - expected) / reach);
      }
      verified({
        of: "ablation",
        name: ablation,
        against: "central differences of that pass: derivatives of every seventh mask",
        difference,
        tolerance: 1e-4,
        unit: "of the largest",
      });
    }));
}

Deno.test("with all masks closed and nothing in the stream, prompts no longer matter", () =>
  withStream("gpt2-tiny", 1e9, async (stream, draw) => {
    const examples = [0, 1].map(() => ({ cleanTokens: draw(6), corruptedTokens: draw(6) }));
    for (const ablation of ["zero", "mean"] as const) {
      const prepared = await stream.prepare(examples, ablation);
      const { logits } = await stream.evaluate(prepared, constant(stream, 0), [0, 1], true);
      const size = logits.length / 2;
      assertEquals(logits.slice(0, size), logits.slice(size));
    }
  }));

Deno.test("what the memory budget has no room for is computed again, to the same values", async () => {
  const results: Float32Array[] = [];
  for (const budget of [1e9, 0]) {
    await withStream("gpt2-tiny", budget, async (stream, draw) => {
      const examples = [4, 6, 6].map((n) => ({ cleanTokens: draw(n), corruptedTokens: draw(n) }));
      for (const ablation of ablations) {
        const prepared = await stream.prepare(examples, ablation);
        results.push(
          (await stream.evaluate(prepared, constant(stream, 0.4), [0, 1, 2], true)).logits,
        );
      }
    });
  }
  ablations.forEach((ablation, i) => {
    assertEquals(results[i], results[i + ablations.length], ablation);
  });
});

Deno.test("derivatives of open masks do not depend on what is left out, under every ablation", () =>
  withStream("gpt2-tiny", 1e9, async (stream, draw) => {
    const examples = [0, 1].map(() => ({ cleanTokens: draw(5), corruptedTokens: draw(5) }));
    const random = randomFrom(2);
    for (const ablation of ablations) {
      const prepared = await stream.prepare(examples, ablation);
      const z = Float32Array.from(constant(stream, 0), () => random.uniform() < 0.3 ? 0.7 : 0);
      const sparse = await stream.gradient(prepared, z, [0, 1], { kind: "kl" }, true);
      const full = await stream.gradient(prepared, z, [0, 1], { kind: "kl" });
      assertAlmostEquals(sparse.loss, full.loss, 1e-5);
      assert(z.some((open, e) => open > 0 && full.gradient[e] !== 0));
      z.forEach((open, e) =>
        open > 0 && assertAlmostEquals(sparse.gradient[e], full.gradient[e], 1e-5)
      );
    }
  }));
