/** Contents of masked-out edges under ablations other than interchange. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { universeOf } from "../../../runtime/universe/universe.ts";
import { chooseDevice } from "../../../runtime/engine/mod.ts";
import { openModel, shapeOf } from "../../../runtime/models/mod.ts";
import { randomFrom } from "../../../base/random.ts";
import { type Ablation, ablations as records } from "../../../runtime/stream/ablations.ts";
import type { Stream } from "../../../runtime/stream/contract.ts";
import { openStream } from "../../../runtime/stream/stream.ts";

const fixtures = new URL("../../fixtures/", import.meta.url).pathname;
const ablations = Object.keys(records) as Ablation[];
const device = await chooseDevice("cpu", 1);

async function withStream(
  folder: string,
  memoryBudget: number,
  run: (stream: Stream, draw: (length: number) => Int32Array) => Promise<void>,
) {
  const model = await openModel(fixtures + folder);
  const universe = universeOf(shapeOf(model.architecture), { embeddings: "split", qkv: "split" });
  const stream = openStream(device, model, universe, { batch: 4, memoryBudget });
  const random = randomFrom(5, folder);
  await run(
    stream,
    (length) => Int32Array.from({ length }, () => random.integer(model.architecture.vocabulary)),
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

Deno.test("a mean over one example is that example's own corrupted prompt, position by position", () =>
  withStream("gpt2-tiny", 1e9, async (stream, draw) => {
    const examples = [{ cleanTokens: draw(6), corruptedTokens: draw(6) }];
    const z = Float32Array.from({ length: stream.universe.edgeCount }, (_, e) => (e * 7 % 10) / 10);
    const [own, mean] = [
      await stream.prepare(examples, "interchange"),
      await stream.prepare(examples, "mean_by_position"),
    ];
    const [a, b] = [
      await stream.evaluate(own, z, [0], true),
      await stream.evaluate(mean, z, [0], true),
    ];
    a.logits.forEach((logit, i) => assertAlmostEquals(b.logits[i], logit, 1e-4));
  }));

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

Deno.test("means weigh every position of every example once", () =>
  withStream("gpt2-tiny", 1e9, async (stream, draw) => {
    // Three examples of two lengths; the same three in another order and batching must give the same means.
    const examples = [3, 5, 5].map((n) => ({ cleanTokens: draw(n), corruptedTokens: draw(n) }));
    for (const ablation of ["mean", "mean_by_position"] as const) {
      const there = await stream.prepare(examples, ablation);
      const back = await stream.prepare([...examples].reverse(), ablation);
      const z = constant(stream, 0.3);
      const { kl } = await stream.evaluate(there, z, [0, 1, 2], false);
      const reversed = await stream.evaluate(back, z, [2, 1, 0], false);
      kl.forEach((value, i) => assertAlmostEquals(reversed.kl[i], value, 1e-5, ablation));
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
