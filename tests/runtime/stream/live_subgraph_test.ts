/** Dead parts are not computed: losses and derivatives of open masks are those of the whole computation. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { selectBest } from "../../../runtime/discovery/selection/select.ts";
import { universeOf } from "../../../runtime/universe/universe.ts";
import { openModel, shapeOf } from "../../../runtime/models/mod.ts";
import { randomFrom } from "../../../base/random.ts";
import { fullSubgraph, liveSubgraph } from "../../../runtime/stream/live_subgraph.ts";
import { maskMatrix } from "../../../runtime/stream/layout.ts";
import { openStream } from "../../../runtime/stream/stream.ts";
import { cases, device, fixtures, split } from "./cases.ts";

for (const [folder, convention, ablation] of cases) {
  Deno.test(`${folder}, ${convention.qkv}, ${ablation}: sparse passes agree with full ones on open masks`, async () => {
    const model = await openModel(fixtures + folder);
    const universe = universeOf(shapeOf(model.architecture), convention);
    const stream = openStream(device, model, universe, { batch: 2, memoryBudget: 1e9 });
    const random = randomFrom(11, folder);
    const tokens = () =>
      Int32Array.from({ length: 5 }, () => random.integer(model.architecture.vocabulary));
    const prepared = await stream.prepare(
      [0, 1].map(() => ({ cleanTokens: tokens(), corruptedTokens: tokens() })),
      ablation,
    );
    // Some draws are many edges at random: heads that are reached and lead nowhere, and the other way round.
    for (const budget of [0, 2, 5, 12, 40, "a tenth", "a third"]) {
      const scores = random.fillNormal(new Float32Array(universe.edgeCount));
      const z = new Float32Array(universe.edgeCount);
      const open = typeof budget === "number"
        ? selectBest(universe, scores, budget).edges
        : [...z.keys()].filter(() => random.uniform() < (budget === "a tenth" ? 0.1 : 0.3));
      for (const edge of open) z[edge] = 0.3 + 0.7 * random.uniform();
      // Open edges that reach nothing, as sampled masks have them.
      for (let i = 0; i < 3 && budget !== 0; i++) z[random.integer(universe.edgeCount)] = 0.5;
      const sparse = await stream.gradient(prepared, z, [0, 1], { kind: "kl" }, true);
      const full = await stream.gradient(prepared, z, [0, 1], { kind: "kl" });
      const { kl } = await stream.evaluate(prepared, z, [0, 1], false);
      assertAlmostEquals(sparse.loss, full.loss, 1e-5 * Math.max(1, full.loss));
      assertAlmostEquals((kl[0] + kl[1]) / 2, full.loss, 1e-5 * Math.max(1, full.loss));
      z.forEach((open, e) => {
        if (open === 0) return;
        const expected = full.gradient[e];
        assertAlmostEquals(
          sparse.gradient[e],
          expected,
          1e-5 + 1e-3 * Math.abs(expected),
          `budget ${budget}, edge ${e}`,
        );
      });
    }
    await stream.close();
  });
}

Deno.test("a subgraph holds what is alive, and all of it when all masks are open", async () => {
  const model = await openModel(`${fixtures}gpt2-tiny`);
  const universe = universeOf(shapeOf(model.architecture), split);
  const all = maskMatrix(universe, new Float32Array(universe.edgeCount).fill(1));
  assertEquals(liveSubgraph(universe, model, all), fullSubgraph(universe));
  const none = liveSubgraph(
    universe,
    model,
    maskMatrix(universe, new Float32Array(universe.edgeCount)),
  );
  assertEquals(none.layers.map(({ heads, mlp }) => [heads.length, mlp]), [[0, false], [0, false]]);

  const names = ["tok -> a0.h2.v", "a0.h2 -> m1", "m1 -> logits", "tok -> a1.h0.q"];
  const z = new Float32Array(universe.edgeCount);
  for (const name of names) {
    const [from, to] = name.split(" -> ");
    const writer = universe.writers.findIndex((w) => w.name === from);
    const reader = universe.readers.findIndex((r) => r.name === to);
    z[universe.offset[reader] + writer] = 1;
  }
  const { layers, writers, readers } = liveSubgraph(universe, model, maskMatrix(universe, z));
  // a1.h0 is reached, but nothing reads it.
  assertEquals(layers.map(({ heads, mlp }) => [[...heads], mlp]), [[[2], false], [[], true]]);
  assertEquals(writers.map((w) => universe.writers[w].name), ["tok", "pos", "a0.h2", "m1"]);
  assertEquals(readers.map((r) => universe.readers[r].name), [
    "a0.h2.q",
    "a0.h2.k",
    "a0.h2.v",
    "m1",
    "logits",
  ]);
  assert(layers[1].firstWriter === 3 && layers[1].firstReader === 3);
});
