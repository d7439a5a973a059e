/** Agreement with a known circuit, between seeds, and bootstrap intervals. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { makeCircuit } from "../../../runtime/circuits/sets.ts";
import {
  agreementOf,
  areaUnder,
  bootstrap,
  compareWithTruth,
  EvaluationError,
  resampled,
  rocCurve,
  spreadOf,
} from "../../../runtime/evaluation/mod.ts";
import { randomFrom } from "../../../base/random.ts";
import { universe } from "./linear.ts";

const circuit = (edges: number[], scores?: number[]) =>
  makeCircuit(universe, edges, scores ? Float32Array.from(scores) : null, { expression: "hand" });

Deno.test("ROC: the area is the chance that a known edge outranks another", () => {
  const known = Uint8Array.of(1, 0, 1, 0);
  // Pairs (known, other): 0.9 > 0.8, 0.9 > 0.1, 0.4 < 0.8, 0.4 > 0.1: 3 of 4.
  assertAlmostEquals(areaUnder(rocCurve([0.9, 0.8, 0.4, 0.1], known)), 0.75, 1e-12);
  // All equal: one step from corner to corner.
  assertEquals(rocCurve([1, 1, 1, 1], known).length, 2);
  assertAlmostEquals(areaUnder(rocCurve([1, 1, 1, 1], known)), 0.5, 1e-12);
  // No score is the lowest score: both known edges without one lose against both others.
  assertAlmostEquals(areaUnder(rocCurve([NaN, 0, NaN, 0], known)), 0, 1e-12);
  assertThrows(() => rocCurve([1, 2], Uint8Array.of(1, 1)), EvaluationError, "it has 2 of 2");
});

Deno.test("a circuit against the known one", () => {
  const truth = circuit([0, 1, 2]);
  const found = compareWithTruth(circuit([0, 1, 5, 6]), truth);
  assertEquals([found.precision, found.recall, found.same], [0.5, 2 / 3, false]);
  assertAlmostEquals(found.f1, 4 / 7, 1e-12);
  // Kept edges tie at the top: (2/5, 2/3), so 2/5 * 1/3 + 3/5 * (2/3 + 1) / 2.
  assertAlmostEquals(found.area, 2 / 15 + 0.5, 1e-12);
  const exact = compareWithTruth(circuit([0, 1, 2], [3, 2, 1, 0, 0, 0, 0, 0]), truth);
  assertEquals([exact.area, exact.same, exact.f1], [1, true, 1]);
});

Deno.test("agreement across seeds", () => {
  const found = agreementOf([circuit([0, 1, 2]), circuit([0, 1, 3]), circuit([0, 1, 2])]);
  assertEquals([found.inAll, found.inAny, found.times.get(2)], [2, 4, 2]);
  assertAlmostEquals(found.jaccard.value, (0.5 + 1 + 0.5) / 3, 1e-12);
  assertEquals([found.jaccard.low, found.jaccard.high], [0.5, 1]);
  // Draws without the second run agree fully, those without the first or the third by half.
  assertEquals([found.interval.low, found.interval.high], [0.5, 1]);
  assertAlmostEquals(found.interval.value, 2 / 3, 1e-12);
  assertEquals(agreementOf([circuit([0]), circuit([0, 1])]).interval, {
    value: 0.5,
    low: 0.5,
    high: 0.5,
  });
  assertEquals(found.similar, [[1, 0.5, 1], [0.5, 1, 0.5], [1, 0.5, 1]]);
  // Many runs take no longer than they must, and no stack.
  const many = agreementOf(Array.from({ length: 700 }, (_, i) => circuit([i % 4])), {
    resamples: 2,
  });
  assertEquals([many.inAll, many.inAny], [0, 4]);
  assertThrows(() => agreementOf([circuit([0])]), RangeError, "current value is 1");
  assertEquals(spreadOf([3, 1, 2]), { value: 2, low: 1, high: 3 });
});

Deno.test("a bootstrap sample is as large as what it is drawn from, with repeats, and the same from one seed", () => {
  const items = Array.from({ length: 1000 }, (_, i) => i);
  const sample = resampled(items, 3);
  assertEquals(sample, resampled(items, 3));
  assert(sample.join() !== resampled(items, 4).join());
  assertEquals(sample.length, 1000);
  // 1 - 1/e of the items are in it: 632, with a standard deviation of 10.
  assertAlmostEquals(new Set(sample).size, 632, 50);
});

Deno.test("bootstrap: as wide as the mean's standard error says, and repeatable", () => {
  const random = randomFrom(3);
  const values = Float64Array.from({ length: 400 }, () => 5 + random.normal());
  const interval = bootstrap(values, { seed: 1 });
  assertEquals(interval, bootstrap(values, { seed: 1 }));
  assert(interval.low < interval.value && interval.value < interval.high);
  // 1.96 standard errors of 1 / sqrt(400) on either side.
  assertAlmostEquals(interval.high - interval.low, 2 * 1.96 / 20, 0.02);
  assertEquals(bootstrap([2, 2, 2]), { value: 2, low: 2, high: 2 });
  assertThrows(() => bootstrap([]), RangeError, "there are 0");
});
