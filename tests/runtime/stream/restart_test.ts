/** Passes that go on from an earlier one give what whole passes give, and run no layer that need not be. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { universeOf } from "../../../runtime/universe/universe.ts";
import { parseEdge } from "../../../runtime/circuits/mod.ts";
import { openModel, shapeOf } from "../../../runtime/models/mod.ts";
import { randomFrom } from "../../../base/random.ts";
import type { Context, Pass } from "../../../runtime/stream/context.ts";
import { liveExtent } from "../../../runtime/stream/extent.ts";
import { maskMatrix } from "../../../runtime/stream/layout.ts";
import { keptStacks } from "../../../runtime/stream/restart.ts";
import { openStream } from "../../../runtime/stream/stream.ts";
import { together } from "../../../runtime/stream/together.ts";
import { cases, device, fixtures, split } from "./cases.ts";

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
  let restarts = open();
  const names = ["tok -> a0.h1.v", "a0.h1 -> m0", "m0 -> a1.h2.k", "a1.h2 -> logits", "m0 -> m1"];
  const masksOf = (open: readonly string[]) => {
    const z = new Float32Array(universe.edgeCount);
    for (const name of open) z[parseEdge(universe, name)] = 1;
    return maskMatrix(universe, z);
  };
  /** The layer that a pass begins at, in which several sets of edges are open, one row of the batch each. */
  const beginAll = (...sets: (readonly string[])[]) => {
    const { least, greatest, further } = together(sets.map(masksOf));
    const shares = sets.length === 1 ? [] : sets.map((open, row) => ({
      firstRow: row,
      endRow: row + 1,
      masks: masksOf(open),
      further: further[row],
    }));
    const extent = liveExtent(universe, model, greatest);
    const plan = { shape: { batch: sets.length, length: 3 } };
    const chosen = sets.map((_, row) => row);
    const pass = { masks: least, shares, extent, plan, chosen } as unknown as Pass;
    const restart = restarts.of(0, pass, 1e9)!;
    restarts.done(0, restart);
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
  restarts = open();
  assertEquals(begin(...names), 0);
  assertEquals(restarts.bytes(), 4 * (universe.writers.length + 1) * 3 * architecture.width);
  // Several masks go on from one, and one from several.
  assertEquals(beginAll(names, names), 2);
  assertEquals(beginAll(names, names.slice(0, 4), [...names, "m1 -> logits"]), 1);
  assertEquals(beginAll(names, names.slice(0, 4), [...names, "m1 -> logits"]), 2);
  assertEquals(beginAll(names, names.slice(1)), 0);
  assertEquals(begin(...names), 2);
  restarts.drop();
  assertEquals(restarts.bytes(), 0);
  assertEquals(
    restarts.of(0, {
      masks: new Float32Array(0),
      shares: [] as Pass["shares"],
      plan: { shape: { batch: 1, length: 3 } },
    } as Pass, 10),
    null,
  );
});
