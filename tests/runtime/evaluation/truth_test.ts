/** Agreement with a known circuit, and between seeds. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { makeCircuit } from "../../../runtime/circuits/sets.ts";
import {
  agreementOf,
  areaUnder,
  compareWithTruth,
  EvaluationError,
  resampled,
  rocCurve,
  spreadOf,
} from "../../../runtime/evaluation/mod.ts";
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

Deno.test("agreement across seeds: every pair by the definition, and the jackknife of the runs", () => {
  const sets = [[0, 1, 2], [0, 1, 3], [0, 2], [0, 1, 2, 5, 6]];
  const found = agreementOf(sets.map((edges) => circuit(edges)));
  // Shared of all: 2/4, 2/3, 3/5; 1/4, 2/6; 2/5.
  const jaccard = [[1, 1 / 2, 2 / 3, 3 / 5], [1 / 2, 1, 1 / 4, 1 / 3], [2 / 3, 1 / 4, 1, 2 / 5], [
    3 / 5,
    1 / 3,
    2 / 5,
    1,
  ]];
  assertEquals(found.similar, jaccard);
  const value = (1 / 2 + 2 / 3 + 3 / 5 + 1 / 4 + 1 / 3 + 2 / 5) / 6;
  assertAlmostEquals(found.jaccard.value, value, 1e-12);
  assertEquals([found.jaccard.low, found.jaccard.high], [1 / 4, 2 / 3]);
  assertEquals([found.inAll, found.inAny, found.times.get(2), found.times.get(4)], [
    1,
    6,
    3,
    undefined,
  ]);
  // Means without the first, second, third and fourth run; 3.18245 is the tabled quantile for 3 degrees of freedom.
  const without = [
    (1 / 4 + 1 / 3 + 2 / 5) / 3,
    (2 / 3 + 3 / 5 + 2 / 5) / 3,
    (1 / 2 + 3 / 5 + 1 / 3) / 3,
    (1 / 2 + 2 / 3 + 1 / 4) / 3,
  ];
  const pseudo = without.map((mean) => 4 * value - 3 * mean);
  const variance = pseudo.reduce((sum, each) => sum + (each - value) ** 2, 0) / 3;
  const reach = 3.18245 * Math.sqrt(variance / 4);
  const { estimate } = found;
  assertAlmostEquals(estimate.value, value, 1e-12);
  assertAlmostEquals(estimate.low!, Math.max(0, value - reach), 1e-5);
  assertAlmostEquals(estimate.high!, Math.min(1, value + reach), 1e-5);
});

Deno.test("agreement has no interval where there are two runs, or all agree alike", () => {
  const none = { low: null, high: null };
  const two = agreementOf([circuit([0]), circuit([0, 1])]);
  assertEquals(two.estimate, { value: 0.5, ...none });
  const same = agreementOf([circuit([0, 1]), circuit([0, 1]), circuit([0, 1])]);
  assertEquals(same.estimate, { value: 1, ...none });
  // Many runs take no longer than they must, and no stack.
  const many = agreementOf(Array.from({ length: 700 }, (_, i) => circuit([i % 4])));
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
