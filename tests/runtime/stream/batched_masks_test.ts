/** Several masks in one pass give what each gives by itself, and take no more runs than one. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type Convention, universeOf } from "../../../runtime/universe/universe.ts";
import { parseEdge } from "../../../runtime/circuits/mod.ts";
import { openModel, shapeOf } from "../../../runtime/models/mod.ts";
import { randomFrom } from "../../../base/random.ts";
import type { Evaluation, Stream } from "../../../runtime/stream/contract.ts";
import { openStream } from "../../../runtime/stream/stream.ts";
import {
  batchMasks,
  hasFewExtraEdges,
  rowsOfMasks,
} from "../../../runtime/stream/batched_masks.ts";
import { cases, device, fixtures, split } from "./cases.ts";
import { runsOf } from "./runs.ts";

/** Three examples of two lengths, and a stream over them with room for twelve rows. */
async function openWith(
  folder: string,
  convention: Convention,
  ablation: "interchange" | "zero",
  memoryBudget = 1e9,
) {
  const model = await openModel(fixtures + folder);
  const universe = universeOf(shapeOf(model.architecture), convention);
  const stream = openStream(device, model, universe, { batch: 12, memoryBudget });
  const random = randomFrom(5, folder);
  const tokens = (length: number) =>
    Int32Array.from({ length }, () => random.integer(model.architecture.vocabulary));
  const examples = [4, 9, 4].map((length) => ({
    cleanTokens: tokens(length),
    corruptedTokens: tokens(length),
  }));
  return { universe, stream, random, prepared: await stream.prepare(examples, ablation) };
}

for (const [folder, convention, ablation] of cases) {
  Deno.test(`${folder}, ${convention.qkv}, ${ablation}: several masks together agree with each alone`, async () => {
    const { universe, stream, random, prepared } = await openWith(folder, convention, ablation);
    const other = await openWith(folder, convention, ablation);
    const start = Float32Array.from(
      { length: universe.edgeCount },
      () => random.uniform() < 0.3 ? 1 : 0,
    );
    const draw = () => {
      const z = start.slice();
      for (let i = 0; i < 3; i++) {
        const late = Math.floor(universe.edgeCount * Math.sqrt(random.uniform()));
        z[late] = z[late] === 0 ? 0.5 + 0.5 * random.integer(2) : 0;
      }
      return z;
    };
    const lasting = stream.sequence(prepared, [0, 1, 2]);
    for (let i = 0; i < 20; i++) {
      // Four fill a pass; nine take three. From the sixth time on passes go on from the one before, whatever its number.
      const masks = Array.from({ length: [4, 4, 9, 2, 1][i % 5] }, draw);
      const sequence = i > 5 ? lasting : stream.sequence(prepared, [0, 1, 2]);
      const found = await sequence.evaluate(masks, true);
      assertEquals(found.length, masks.length);
      for (const [m, z] of masks.entries()) {
        const { kl, logits } = await other.stream.evaluate(other.prepared, z, [0, 1, 2], true);
        kl.forEach((value, e) =>
          assertAlmostEquals(found[m].kl[e], value, 1e-5 * Math.max(1, value), `mask ${m}`)
        );
        logits.forEach((value, e) =>
          assertAlmostEquals(found[m].logits[e], value, 1e-4 * Math.max(1, Math.abs(value)))
        );
      }
    }
    await stream.close();
    await other.stream.close();
  });
}

Deno.test("edges into a layer's own MLP and into the logits are told apart by row", async () => {
  const { universe, stream, prepared } = await openWith("gpt2-tiny", split, "interchange");
  const into = ["a0.h1 -> m0", "a0.h2 -> m0"].map((name) => parseEdge(universe, name));
  const out = ["m0 -> logits", "tok -> logits"].map((name) => parseEdge(universe, name));
  const heads = ["tok -> a0.h1.v", "tok -> a0.h2.v"].map((name) => parseEdge(universe, name));
  const all = [...into, ...out, ...heads];
  const masks = [...into, out[1], -1].map((without) =>
    new Float32Array(universe.edgeCount).map((_, e) => all.includes(e) && e !== without ? 1 : 0)
  );
  const found = await stream.sequence(prepared, [0, 1, 2]).evaluate(masks, false);
  const alone: Evaluation[] = [];
  for (const z of masks) alone.push(await stream.evaluate(prepared, z, [0, 1, 2], false));
  found.forEach(({ kl }, m) =>
    kl.forEach((value, e) => assertAlmostEquals(value, alone[m].kl[e], 1e-5))
  );
  assertEquals(new Set(alone.map(({ kl }) => kl[0].toFixed(4))).size, masks.length, "all differ");
  await stream.close();
});

Deno.test("an embedding that nothing read before is read by masks that go on", async () => {
  const { universe, stream, prepared } = await openWith("gpt2-tiny", split, "zero");
  const open = (...names: string[]) => {
    const edges = names.map((name) => parseEdge(universe, name));
    return new Float32Array(universe.edgeCount).map((_, e) => edges.includes(e) ? 1 : 0);
  };
  const base = ["tok -> a1.h0.v", "a1.h0 -> logits", "m1 -> logits"];
  const masks = ["pos -> a1.h0.v", "pos -> logits", "pos -> m1"].map((name) => open(...base, name));
  const sequence = stream.sequence(prepared, [0, 1, 2]);
  const [without] = await sequence.evaluate([open(...base)], false);
  const found = await sequence.evaluate([...masks, open(...base)], false);
  for (const [m, z] of masks.entries()) {
    const { kl } = await stream.evaluate(prepared, z, [0, 1, 2], false);
    kl.forEach((value, e) => assertAlmostEquals(found[m].kl[e], value, 1e-5));
    assert(kl.some((value, e) => Math.abs(value - without.kl[e]) > 1e-4), `${m}: the edge matters`);
  }
  await stream.close();
});

Deno.test("masks that are near take the runs of one; far ones, and examples that are not kept, their own", async () => {
  const { universe, stream, prepared } = await openWith("gpt2-tiny", split, "interchange");
  const open = new Float32Array(universe.edgeCount).fill(1);
  // Edges into the last layer's queries: those to a layer's own MLP take sessions of their own.
  const near = ["tok -> a1.h0.q", "pos -> a1.h0.q", "m0 -> a1.h1.q", "m0 -> a1.h0.k"].map((name) =>
    open.map((value, e) => e === parseEdge(universe, name) ? 0 : value)
  );
  const each = (stream: Stream, masks: Float32Array[]) =>
    runsOf(() => stream.sequence(prepared, [0, 1, 2]).evaluate(masks, false));
  const one = await runsOf(() => stream.evaluate(prepared, open, [0, 1, 2], false));
  assert(one.runs > 0);
  assertEquals((await each(stream, near)).runs, one.runs);
  // A second pass, of which only what the logits read is new.
  const { runs } = await each(stream, [...near, ...near]);
  assert(runs > one.runs && runs < 1.5 * one.runs, `${runs} runs, ${one.runs} for a pass`);
  const random = randomFrom(1, "far");
  const far = [0, 1, 2, 3].map(() => open.map(() => random.uniform() < 0.5 ? 1 : 0));
  assert((await each(stream, far)).runs > 3 * one.runs);
  const lean = await openWith("gpt2-tiny", split, "interchange", 0);
  const computed = await runsOf(() => lean.stream.evaluate(lean.prepared, open, [0, 1, 2], false));
  assertEquals(
    (await runsOf(() => lean.stream.sequence(lean.prepared, [0, 1, 2]).evaluate(near, false))).runs,
    near.length * computed.runs,
  );
  await lean.stream.close();
  await stream.close();
});

Deno.test("what masks have in common, and whose rows are whose", () => {
  const matrices = [[1, 0, 0.5, 0], [1, 1, 0.25, 0], [1, 0, 1, 0]].map((m) => Float32Array.from(m));
  const all = batchMasks(matrices);
  assertEquals([...all.least], [1, 0, 0.25, 0]);
  assertEquals([...all.greatest], [1, 1, 1, 0]);
  assertEquals(all.extraEdges.map((each) => [...each]), [[2], [1], [2]]);
  assertEquals(
    rowsOfMasks([0, 0, 2, 2, -1], matrices, all).map(({ firstRow, endRow, masks, extraEdges }) => [
      [firstRow, endRow],
      [...masks],
      [...extraEdges],
    ]),
    [[[0, 2], [1, 0, 0.5, 0], [2]], [[2, 4], [1, 0, 1, 0], [2]]],
  );
  assert(hasFewExtraEdges(all, 4));
  const apart = batchMasks([0, 1].map((one) => new Float32Array(100).fill(one)));
  assert(!hasFewExtraEdges(apart, 100));
  assert(hasFewExtraEdges(apart, 1600));
});
