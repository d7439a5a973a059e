/** The small parts of discovery: Adam, schedules, batches, selection. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { reachableEdges } from "../../../runtime/universe/reachability.ts";
import { edgeName, universeOf } from "../../../runtime/universe/universe.ts";
import { initAdam, updateAdam } from "../../../runtime/discovery/training/adam.ts";
import { drawBatches } from "../../../runtime/discovery/training/batches.ts";
import { selectBest } from "../../../runtime/discovery/selection/select.ts";
import { ranking } from "../../../runtime/circuits/ranking.ts";
import { endingAt, sparsityAt } from "../../../runtime/discovery/training/sparsity.ts";
import { randomFrom } from "../../../base/random.ts";

Deno.test("Adam's first steps are the ones worked out by hand", () => {
  const state = initAdam(1);
  const x = Float64Array.of(1);
  // Bias correction makes the first step exactly the learning rate, whatever the gradient's size.
  updateAdam(state, x, [250], 0.1);
  assertAlmostEquals(x[0], 0.9, 1e-9);
  // m = (0.9 * 25 + 0.1 * -250) / (1 - 0.81), v = (0.999 * 62.5 + 0.001 * 62500) / (1 - 0.998001)
  updateAdam(state, x, [-250], 0.1);
  const m = (0.9 * 25 - 25) / 0.19;
  const v = (0.999 * 62.5 + 62.5) / 0.001999;
  assertAlmostEquals(x[0], 0.9 - 0.1 * m / Math.sqrt(v), 1e-9);
});

Deno.test("a negative rate climbs", () => {
  const state = initAdam(1);
  const x = Float64Array.of(0);
  updateAdam(state, x, [1], -0.5);
  assertAlmostEquals(x[0], 0.5, 1e-6);
});

Deno.test("a schedule waits, climbs in its shape, and stays", () => {
  const schedule = { from: 0, to: 0.96, over: 100 };
  for (const shape of ["linear", "log", "cosine"] as const) {
    const at = (step: number) => sparsityAt({ ...schedule, shape }, step, 20);
    assertEquals([at(0), at(20), at(120), at(500)].map((s) => Number(s.toFixed(12))), [
      0,
      0,
      0.96,
      0.96,
    ], shape);
    for (let step = 1; step < 130; step++) assert(at(step) >= at(step - 1), shape);
  }
  assertAlmostEquals(sparsityAt({ ...schedule, shape: "linear" }, 70, 20), 0.48);
  // Half way in the logarithm of what is open: sqrt(0.04) = 0.2 open.
  assertAlmostEquals(sparsityAt({ ...schedule, shape: "log" }, 70, 20), 0.8);
  assertAlmostEquals(sparsityAt({ ...schedule, shape: "cosine" }, 70, 20), 0.48);
});

Deno.test("a list of points is followed in straight lines", () => {
  const points = [[0, 0], [100, 0.5], [200, 0.9]] as const;
  const at = (step: number) =>
    sparsityAt({ from: 0, to: 0.9, over: 0, shape: "linear", points }, step, 0);
  assertEquals([at(0), at(50), at(100), at(999)], [0, 0.25, 0.5, 0.9]);
  assertAlmostEquals(at(150), 0.7);
});

const prompt = (length: number) => ({ cleanTokens: new Int32Array(length) });

Deno.test("a round of batches holds every example once, one padded length a batch", () => {
  const examples = [...Array(10).fill(prompt(5)), ...Array(6).fill(prompt(40))];
  const batches = drawBatches(examples, 2, randomFrom(3));
  const round = Array.from({ length: 8 }, () => batches.next().value);
  assertEquals(round.flat().sort((a, b) => a - b), examples.map((_, i) => i));
  for (const batch of round) {
    assertEquals(new Set(batch.map((i) => examples[i].cleanTokens.length)).size, 1);
  }
});

Deno.test("what does not fill a batch comes first in the next round", () => {
  const batches = drawBatches(Array(5).fill(prompt(4)), 2, randomFrom(1));
  const seen = Array.from({ length: 5 }, () => batches.next().value).flat();
  assertEquals(Array.from({ length: 5 }, (_, i) => seen.filter((j) => j === i).length), [
    2,
    2,
    2,
    2,
    2,
  ]);
});

Deno.test("equal seeds draw equal batches, other seeds others", () => {
  const draw = (seed: number) => {
    const batches = drawBatches(Array(40).fill(prompt(4)), 8, randomFrom(seed));
    return Array.from({ length: 5 }, () => batches.next().value);
  };
  assertEquals(draw(1), draw(1));
  assert(JSON.stringify(draw(1)) !== JSON.stringify(draw(2)));
});

const tiny = universeOf(
  { layers: 2, heads: 2, keyValueHeads: 2, residual: "sequential", learnedPositions: true },
  { embeddings: "split", qkv: "split" },
);

Deno.test("a ranking is best first, ties in edge order, unknown scores last", () => {
  assertEquals([...ranking([1, NaN, 3, 1])], [2, 0, 3, 1]);
});

Deno.test("a selection has the size asked for and nothing that reaches nothing", () => {
  const random = randomFrom(5, "scores");
  for (let trial = 0; trial < 30; trial++) {
    const scores = Float32Array.from({ length: tiny.edgeCount }, () => random.normal());
    for (const budget of [1, 4, 11, 30, tiny.edgeCount]) {
      const { edges, raw, reachable } = selectBest(tiny, scores, budget);
      assertEquals(reachableEdges(tiny, edges), edges);
      assertEquals(reachable, edges.length);
      assert(edges.length <= budget);
      const more = (e: number) => reachableEdges(tiny, Uint32Array.of(...edges, e).sort()).length;
      const another = [...scores.keys()].some((e) =>
        !edges.includes(e) && more(e) === edges.length + 1
      );
      assert(edges.length === budget || !another, `trial ${trial}: ${edges.length} of ${budget}`);
      if (budget >= 30) assertEquals(edges.length, budget);
      assert(raw >= 0 && raw <= tiny.edgeCount);
    }
  }
});

Deno.test("edges that reach nothing make room for the next best", () => {
  const scores = new Float32Array(tiny.edgeCount);
  const number = (name: string) =>
    Array.from(scores.keys()).find((e) => edgeName(tiny, e) === name)!;
  scores[number("tok -> a0.h0.q")] = 9;
  scores[number("tok -> logits")] = 8;
  scores[number("m0 -> logits")] = 7;
  scores[number("tok -> m0")] = 6;
  const { edges } = selectBest(tiny, scores, 3);
  assertEquals([...edges].map((e) => edgeName(tiny, e)), [
    "tok -> m0",
    "tok -> logits",
    "m0 -> logits",
  ]);
});

Deno.test("none is a selection too, and a budget that is no count is refused", () => {
  assertEquals(selectBest(tiny, new Float32Array(tiny.edgeCount), 0).edges.length, 0);
  assertThrows(
    () => selectBest(tiny, new Float32Array(tiny.edgeCount), 1.5),
    RangeError,
    "whole number",
  );
});

Deno.test("a schedule that is to end elsewhere keeps its course", () => {
  const { from, to } = endingAt({ from: 0.1, to: 0.9, over: 50, shape: "log" }, 0.98);
  assertEquals([from, to], [0.1, 0.98]);
  const points = [[0, 0.2], [10, 0.4], [30, 0.6]] as const;
  const { points: scaled } = endingAt({ from: 0, to: 0.6, over: 0, shape: "linear", points }, 1);
  // Twice as far from the first point everywhere: 0.2 + 2 (s - 0.2).
  assertEquals(scaled!.map(([step]) => step), [0, 10, 30]);
  scaled!.forEach(([, value], i) => assertAlmostEquals(value, [0.2, 0.6, 1][i], 1e-12));
});
