/** Passes that go on from an earlier one give what whole passes give, and run no layer that need not be. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { universeOf } from "../../../runtime/universe/universe.ts";
import { parseEdge } from "../../../runtime/circuits/mod.ts";
import { openModel, shapeOf } from "../../../runtime/models/mod.ts";
import { randomFrom } from "../../../base/random.ts";
import { blockLayout } from "../../../runtime/stream/cache.ts";
import type { Context, Pass } from "../../../runtime/stream/context.ts";
import { liveSubgraph } from "../../../runtime/stream/live_subgraph.ts";
import { maskMatrix } from "../../../runtime/stream/layout.ts";
import { keptStacks } from "../../../runtime/stream/restart.ts";
import { openStream } from "../../../runtime/stream/stream.ts";
import { batchMasks } from "../../../runtime/stream/batched_masks.ts";
import { cases, device, fixtures, split } from "./cases.ts";
import { runsOf } from "./runs.ts";

for (const [folder, convention, ablation] of cases) {
  Deno.test(`${folder}, ${convention.qkv}, ${ablation}: going on agrees with whole passes`, async () => {
    const model = await openModel(fixtures + folder);
    const universe = universeOf(shapeOf(model.architecture), convention);
    const open = () => openStream(device, model, universe, { batch: 2, memoryBudget: 1e9 });
    const [stream, whole] = [open(), open()];
    const random = randomFrom(3, folder);
    const tokens = () =>
      Int32Array.from({ length: 4 }, () => random.integer(model.architecture.vocabulary));
    // Three examples: two batches, so that each goes on from its own.
    const examples = [0, 1, 2].map(() => ({ cleanTokens: tokens(), corruptedTokens: tokens() }));
    const prepared = await stream.prepare(examples, ablation);
    const other = await whole.prepare(examples, ablation);
    const sequence = stream.sequence(prepared, [0, 1, 2]);
    const z = Float32Array.from(
      { length: universe.edgeCount },
      () => random.uniform() < 0.1 ? 1 : 0,
    );
    for (let i = 0; i < 40; i++) {
      // Now one edge, now several; opened as well as closed, late ones more often than early ones.
      for (let j = 0; j < 1 + 3 * (i % 2); j++) {
        const late = Math.floor(universe.edgeCount * Math.sqrt(random.uniform()));
        z[late] = z[late] === 0 ? 0.5 + 0.5 * random.integer(2) : 0;
      }
      const [{ kl, logits }] = await sequence.evaluate([z], true);
      const expected = await whole.evaluate(other, z, [0, 1, 2], true);
      kl.forEach((value, e) =>
        assertAlmostEquals(value, expected.kl[e], 1e-5 * Math.max(1, value), `step ${i}`)
      );
      logits.forEach((value, e) =>
        assertAlmostEquals(value, expected.logits[e], 1e-4 * Math.max(1, Math.abs(value)))
      );
    }
    await stream.close();
    await whole.close();
  });
}

Deno.test("a pass begins at the first layer that its masks change", async () => {
  const model = await openModel(`${fixtures}gpt2-tiny`);
  const { architecture } = model;
  const universe = universeOf(shapeOf(architecture), split);
  const open = () => keptStacks({ universe, architecture } as Context);
  let stacks = open();
  const names = ["tok -> a0.h1.v", "a0.h1 -> m0", "m0 -> a1.h2.k", "a1.h2 -> logits", "m0 -> m1"];
  const masksOf = (open: readonly string[]) => {
    const z = new Float32Array(universe.edgeCount);
    for (const name of open) z[parseEdge(universe, name)] = 1;
    return maskMatrix(universe, z);
  };
  /** The layer that a pass begins at, in which several sets of edges are open, one row of the batch each. */
  const beginAll = (...sets: (readonly string[])[]) => {
    const { least, greatest, extraEdges } = batchMasks(sets.map(masksOf));
    const maskRows = sets.length === 1 ? [] : sets.map((open, row) => ({
      firstRow: row,
      endRow: row + 1,
      masks: masksOf(open),
      extraEdges: extraEdges[row],
    }));
    const subgraph = liveSubgraph(universe, model, greatest);
    const sessions = { shape: { batch: sets.length, length: 3 } };
    const chosen = sets.map((_, row) => row);
    const pass = { masks: least, maskRows, subgraph, sessions, chosen } as unknown as Pass;
    const restart = stacks.begin(0, pass, 1e9)!;
    stacks.keep(0, restart);
    return restart.layer;
  };
  const begin = (...open: string[]) => beginAll(open);
  assertEquals(begin(...names), 0);
  assertEquals(begin(...names), 2);
  // m1 leads nowhere yet: an edge into it changes nothing.
  assertEquals(begin(...names.slice(0, 4)), 2);
  assertEquals(begin(...names, "m1 -> logits"), 1);
  assertEquals(begin(...names), 2);
  // m1's row is still there, as nothing below changed.
  assertEquals(begin(...names, "m1 -> logits"), 2);
  assertEquals(begin(...names.slice(0, 2), ...names.slice(3), "m1 -> logits"), 1);
  assertEquals(begin(...names.slice(1)), 0);
  stacks = open();
  assertEquals(begin(...names), 0);
  assertEquals(stacks.bytes(), 4 * (universe.writers.length + 1) * 3 * architecture.width);
  // Several masks go on from one, and one from several.
  assertEquals(beginAll(names, names), 2);
  assertEquals(beginAll(names, names.slice(0, 4), [...names, "m1 -> logits"]), 1);
  assertEquals(beginAll(names, names.slice(0, 4), [...names, "m1 -> logits"]), 2);
  assertEquals(beginAll(names, names.slice(1)), 0);
  assertEquals(begin(...names), 2);
  stacks.drop();
  assertEquals(stacks.bytes(), 0);
  assertEquals(
    stacks.begin(0, {
      masks: new Float32Array(0),
      maskRows: [] as Pass["maskRows"],
      sessions: { shape: { batch: 1, length: 3 } },
    } as Pass, 10),
    null,
  );
});

Deno.test("sequences keep stacks of their own, which examples come before", async () => {
  const model = await openModel(`${fixtures}gpt2-tiny`);
  const universe = universeOf(shapeOf(model.architecture), split);
  const examples = [[1, 2, 3], [4, 5, 6]].map((tokens) => ({
    cleanTokens: Int32Array.from(tokens),
    corruptedTokens: Int32Array.from(tokens.toReversed()),
  }));
  const z = new Float32Array(universe.edgeCount).fill(1);
  const openWith = async (memoryBudget: number) => {
    const stream = openStream(device, model, universe, { batch: 2, memoryBudget });
    const prepared = await stream.prepare(examples);
    const [a, b] = [stream.sequence(prepared, [0]), stream.sequence(prepared, [1])];
    const runs = async ({ evaluate } = a) => (await runsOf(() => evaluate([z], false))).runs;
    return { stream, a, b, runs };
  };
  const { stream, a, b, runs } = await openWith(1e9);
  const whole = await runs(a);
  assertEquals(await runs(b), whole);
  // Layers are not run again, only what the logits read.
  const [again] = [await runs(a)];
  assert(again < whole / 2, `${again} of ${whole} runs`);
  assertEquals(await runs(b), again);
  await stream.prepare(examples);
  assertEquals([await runs(a), await runs(a), await runs(b)], [whole, again, whole]);
  b.close();
  assertEquals(await runs(a), again);
  await stream.close();

  // Room for the stack of one sequence beside the examples.
  const block = 4 * blockLayout(model.architecture, universe).columns * 3;
  const stack = 4 * (universe.writers.length + 1) * 3 * model.architecture.width;
  const lean = await openWith(2 * block + stack);
  await lean.runs(lean.a);
  await lean.runs(lean.b);
  assertEquals([await lean.runs(lean.a), await lean.runs(lean.b)], [again, whole]);
  lean.a.close();
  await lean.runs(lean.b);
  assertEquals(await lean.runs(lean.b), again);
  await lean.stream.close();
});
