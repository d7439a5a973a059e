/** Confidence intervals: ends from published tables, and how often they cover, by simulation. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type Random, randomFrom } from "../../../base/random.ts";
import { makeCircuit } from "../../../runtime/circuits/sets.ts";
import {
  agreementOf,
  type Estimate,
  estimatesOf,
  meanEstimate,
  ratioEstimate,
} from "../../../runtime/evaluation/mod.ts";
import { shareInterval, studentQuantile } from "../../../runtime/evaluation/distributions.ts";
import { universeOf } from "../../../runtime/universe/universe.ts";

Deno.test("Student's t: the quantiles of the tables", () => {
  // Two-sided 95 % and 99 %, as every table has them.
  for (
    const [freedom, of95, of99] of [
      [1, 12.706, 63.657],
      [2, 4.303, 9.925],
      [3, 3.182, 5.841],
      [4, 2.776, 4.604],
      [9, 2.262, 3.25],
      [30, 2.042, 2.75],
      [120, 1.98, 2.617],
    ]
  ) {
    assertAlmostEquals(studentQuantile(0.95, freedom), of95, 6e-4);
    assertAlmostEquals(studentQuantile(0.99, freedom), of99, 6e-4);
  }
});

Deno.test("shares: the ends of Clopper and Pearson, by their definition", () => {
  // None or all of n: 1 - 0.025^(1/n).
  assertEquals(shareInterval(0, 10, 0.95).low, 0);
  assertAlmostEquals(shareInterval(0, 10, 0.95).high, 1 - 0.025 ** 0.1, 1e-12);
  assertAlmostEquals(shareInterval(10, 10, 0.95).low, 0.025 ** 0.1, 1e-12);
  assertEquals(shareInterval(10, 10, 0.95).high, 1);
  // At each end, as few or as many as were counted have a probability of 2.5 %.
  const binomial = (x: number, n: number, p: number) => {
    let ways = 1;
    for (let i = 0; i < x; i++) ways = ways * (n - i) / (i + 1);
    return ways * p ** x * (1 - p) ** (n - x);
  };
  for (const [count, of] of [[1, 3], [7, 10], [31, 40]]) {
    const { low, high } = shareInterval(count, of, 0.95);
    let [atLeast, atMost] = [0, 0];
    for (let x = 0; x <= of; x++) {
      if (x >= count) atLeast += binomial(x, of, low);
      if (x <= count) atMost += binomial(x, of, high);
    }
    assertAlmostEquals(atLeast, 0.025, 1e-10);
    assertAlmostEquals(atMost, 0.025, 1e-10);
  }
});

Deno.test("a mean of many has the interval of its standard error, from one seed the same", () => {
  const random = randomFrom(3);
  const values = Float64Array.from({ length: 400 }, () => 5 + random.normal());
  const interval = meanEstimate(values, { seed: 1 });
  assertEquals(interval, meanEstimate(values, { seed: 1 }));
  // 1.966 standard errors of 1 / sqrt(400) on either side, and a little more where the bootstrap is wider.
  assertAlmostEquals(interval.high! - interval.low!, 2 * 1.966 / 20, 0.02);
});

Deno.test("a mean of two normal values has Student's interval", () => {
  // A sample of one value twice has no error, one of both has their mean: the bootstrap adds nothing.
  const { value, low, high } = meanEstimate([1, 2]);
  assertEquals(value, 1.5);
  assertAlmostEquals(high! - 1.5, 12.706 * 0.5, 1e-3);
  assertAlmostEquals(1.5 - low!, 12.706 * 0.5, 1e-3);
});

Deno.test("where a sample tells nothing of others there is no interval", () => {
  const none = { low: null, high: null };
  assertEquals(meanEstimate([3]), { value: 3, ...none });
  assertEquals(meanEstimate([2, 2, 2]), { value: 2, ...none });
  assertEquals(meanEstimate([0.1, 0.1, 0.1]).low, null);
  assertEquals(ratioEstimate([1, 2, 4], [2, 4, 8]), { value: 0.5, ...none });
  assertEquals(ratioEstimate([1, -1], [1, -1]).low, null);
  assertThrows(() => meanEstimate([]), RangeError, "there are 0");
  assertThrows(() => meanEstimate([1], { level: 1 }), RangeError, "current values are 1000 and 1");
});

Deno.test("ends are cut at what a metric can be, and shares are counted", () => {
  const estimates = estimatesOf({
    kl: Float64Array.of(0.01, 0.02, 3),
    logit_difference: Float64Array.of(0.01, 0.02, 3),
    accuracy: Float64Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
    exact_match: Float64Array.of(1),
  }, ["kl", "logit_difference", "accuracy", "exact_match"]);
  assertEquals(estimates.kl.low, 0);
  assert(estimates.logit_difference.low! < 0);
  assertEquals(estimates.kl.high, estimates.logit_difference.high);
  assertEquals(estimates.accuracy, { value: 1, ...shareInterval(10, 10, 0.95) });
  assertEquals(estimates.exact_match, { value: 1, low: null, high: null });
});

/** Share of intervals that have the true value, among those that have ends. */
function coverage(truth: number, draws: number, draw: () => Estimate): number {
  let [had, ended] = [0, 0];
  for (let i = 0; i < draws; i++) {
    const { low, high } = draw();
    if (low === null || high === null) continue;
    ended++;
    if (low <= truth && truth <= high) had++;
  }
  return had / ended;
}

const exponential = (random: Random) => -Math.log(1 - random.uniform());
/** Values with their true mean, and the least coverage for 3, 5 and 10 of them that 600 draws may show. */
const kinds: readonly (readonly [
  name: string,
  truth: number,
  draw: (random: Random) => number,
  least: readonly [number, number, number],
])[] = [
  ["normal", 1, (random) => 1 + random.normal(), [0.93, 0.93, 0.93]],
  ["log-normal", Math.exp(0.125), (random) => Math.exp(random.normal() / 2), [0.92, 0.93, 0.93]],
  // Of three, no interval of values this skewed covers as often as it says; see docs/decisions.md.
  ["exponential", 1, exponential, [0.89, 0.92, 0.93]],
];
const sizes = [3, 5, 10];

for (const [name, truth, draw, least] of kinds) {
  Deno.test(`means of 3, 5 and 10 ${name} values: the interval covers`, () => {
    sizes.forEach((size, i) => {
      const random = randomFrom(size, name);
      const found = coverage(
        truth,
        600,
        () =>
          meanEstimate(Float64Array.from({ length: size }, () => draw(random)), { resamples: 400 }),
      );
      assert(found >= least[i], `${size}: ${found}`);
    });
  });

  Deno.test(`ratios over 3, 5 and 10 examples that lose ${name} shares: the interval covers`, () => {
    sizes.forEach((size, i) => {
      const random = randomFrom(size, name, "ratio");
      const found = coverage(0.8, 600, () => {
        const most = Float64Array.from({ length: size }, () => 5 * Math.exp(random.normal() / 2));
        const kept = most.map((each) => each * (1 - 0.2 * draw(random) / truth));
        return ratioEstimate(kept, most, { resamples: 400 });
      });
      assert(found >= least[i] - 0.02, `${size}: ${found}`);
    });
  });
}

Deno.test("shares of 3, 5 and 10 examples: the interval covers, whatever the share", () => {
  for (const size of sizes) {
    for (const share of [0.5, 0.9, 0.99]) {
      const random = randomFrom(size, `${share}`);
      const found = coverage(share, 600, () => {
        const accuracy = Float64Array.from({ length: size }, () => +(random.uniform() < share));
        return estimatesOf({ accuracy }, ["accuracy"]).accuracy;
      });
      assert(found >= 0.94, `${size}, ${share}: ${found}`);
    }
  }
});

Deno.test("agreement of 3, 5 and 10 runs: the interval covers the similarity of any two", () => {
  const universe = universeOf(
    { layers: 2, heads: 4, keyValueHeads: 4, residual: "sequential", learnedPositions: true },
    { embeddings: "split", qkv: "split" },
  );
  // Some edges are in nearly every run, some in half of them, others in few.
  const chances = Array.from(
    { length: 130 },
    (_, edge) => edge < 40 ? 0.9 : edge < 90 ? 0.4 : 0.05,
  );
  const random = randomFrom(4, "runs");
  const run = () => chances.flatMap((chance, edge) => random.uniform() < chance ? [edge] : []);
  // The truth by its definition, from pairs of runs that share none.
  let truth = 0;
  const pairs = 4000;
  for (let i = 0; i < pairs; i++) {
    const [a, b] = [new Set(run()), new Set(run())];
    truth += a.intersection(b).size / a.union(b).size / pairs;
  }
  for (const size of sizes) {
    const found = coverage(truth, 300, () =>
      agreementOf(
        Array.from({ length: size }, () => makeCircuit(universe, run(), null, { expression: "" })),
      ).estimate);
    assert(found >= 0.93, `${size}: ${found}`);
  }
});

Deno.test("one value far from all others carries the interval no farther than the values reach", () => {
  const values = [...Array.from({ length: 19 }, (_, i) => 1e-5 * (i + 1)), 3.49];
  const { value, high } = meanEstimate(values);
  // Student's t of 19 degrees of freedom: 2.093 standard errors, worked out from the values.
  const variance = values.reduce((sum, x) => sum + (x - value) ** 2, 0) / 19;
  const student = value + 2.0930 * Math.sqrt(variance / 20);
  assert(high! <= Math.max(student, 2 * 3.49) + 1e-4 && high! >= student - 1e-4, `${high}`);
});
