/** Records of metrics, measures and plots: complete, and their values on an example as the definition gives them. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { circuitProperties } from "../../../runtime/circuits/properties.ts";
import { makeCircuit } from "../../../runtime/circuits/sets.ts";
import {
  type Measure,
  type MeasuredCircuit,
  type MeasureName,
  measures,
  mibShares,
} from "../../../runtime/evaluation/mod.ts";
import { circuitPlots } from "../../../runtime/evaluation/plots/mod.ts";
import { methods } from "../../../runtime/discovery/mod.ts";
import type { Described } from "../../../runtime/metrics/described.ts";
import type { NamedMetric, Output } from "../../../runtime/metrics/metric.ts";
import { type MetricName, metrics } from "../../../runtime/metrics/mod.ts";
import { edgeName } from "../../../runtime/universe/universe.ts";
import { universe } from "./linear.ts";

const entries = <K extends string, V>(record: Readonly<Record<K, V>>) =>
  Object.entries(record) as [K, V][];

Deno.test("records have the name that they are listed under, a meaning, and a source that can be found", () => {
  const all: [string, Described][] = [
    ...entries(metrics),
    ...entries(measures),
    ...entries(circuitPlots),
    ...entries(methods),
  ];
  for (const [name, record] of all) {
    assertEquals(record.name, name);
    assert(/^[A-Z].*\.$/s.test(record.about), name);
    const { source } = record;
    if (source !== undefined && source !== "no paper") {
      assert(/^.+ \d{4}, (arXiv:\d{4}\.\d{4,5}|\p{L}.+)/u.test(source), `${name}: ${source}`);
      assertEquals(source.match(/arXiv/gi), source.match(/arXiv(?=:\d{4}\.\d{4,5}\b)/g), name);
    }
  }
  for (const { about } of Object.values(circuitProperties)) assert(/^[A-Z].*\.$/s.test(about));
});

// Four tokens of probability 1/10, 2/10, 3/10, 4/10; the full model has them the other way round.
const logits = Float32Array.from([1, 2, 3, 4], (p) => Math.log(p) + 5);
const target = Float32Array.from([4, 3, 2, 1], (p) => Math.log(p / 10));
const kl = 0.4 * Math.log(4) + 0.3 * Math.log(3 / 2) - 0.2 * Math.log(3 / 2) - 0.1 * Math.log(4);
const output: Output = { logits, target, kl };
/** Token 2 is right, token 0 wrong. */
const example = { answers: Int32Array.of(2), wrong: Int32Array.of(0) };

const onExample: Readonly<Record<MetricName, number>> = {
  kl,
  logit_difference: Math.log(3),
  probability_difference: 0.3 - 0.1,
  // Token 3 is the most likely one.
  accuracy: 0,
  exact_match: 0,
  kendall_tau: -1,
};

for (const [name, expected] of entries(onExample)) {
  Deno.test(`${name}: its value on an example`, () =>
    assertAlmostEquals(metrics[name].value(output, example), expected, 1e-6));
}

Deno.test("metrics that compare with the full model give every full model the same value, others do not", () => {
  const full = (logits: Float32Array): Output => ({ logits, target: logits, kl: 0 });
  const other = Float32Array.from([1, 2, 6, 1], (p) => Math.log(p / 10));
  for (const { name, relative, value } of Object.values<NamedMetric>(metrics)) {
    const [a, b] = [target, other].map((each) => value(full(each), example));
    assertEquals(a === b, relative, name);
  }
});

Deno.test("bounds of metrics are the range that the reference gives", () => {
  for (const { name, range, bounds, isShare } of Object.values<NamedMetric>(metrics)) {
    const said = range?.match(/^(?:from )?(-?\d+)(?: to (\d+))?/);
    const [least, most] = bounds ?? (isShare ? [0, 1] : [-Infinity, Infinity]);
    assertEquals(
      [least, most],
      said ? [+said[1], +(said[2] ?? Infinity)] : [-Infinity, Infinity],
      name,
    );
  }
});

Deno.test("metrics that need no wrong answers have a value without", () => {
  for (const { name, needsWrong, value } of Object.values<NamedMetric>(metrics)) {
    if (needsWrong) continue;
    assert(Number.isFinite(value(output, { ...example, wrong: new Int32Array() })), name);
  }
  const without = { ...example, wrong: new Int32Array() };
  assertAlmostEquals(metrics.probability_difference.value(output, without), 0.3, 1e-6);
});

/**
 * A circuit of 3 of 8 edges, by a metric that is 10 for the full model and 0 for the corrupted run on both examples. It is 8
 * and 6 for the circuit, 1 and 2 for the rest, and on average 4 for the circuit without the direct edge, 6.5 without one of
 * the others.
 */
const names = Array.from({ length: universe.edgeCount }, (_, edge) => edgeName(universe, edge));
const direct = names.indexOf("tok -> logits");
const kept = [direct, names.indexOf("tok -> m0"), names.indexOf("m0 -> logits")];
const circuit = makeCircuit(universe, kept, null, { expression: "hand" });
const measured: MeasuredCircuit = {
  circuit,
  ends: {
    metric: "logit_difference",
    full: 10,
    corrupted: 0,
    each: { full: Float64Array.of(10, 10), corrupted: Float64Array.of(0, 0) },
  },
  values: (open) =>
    Promise.resolve([...open].includes(direct) ? Float64Array.of(8, 6) : Float64Array.of(1, 2)),
  without: (each) => Promise.resolve(each.map((edge) => edge === direct ? 4 : 6.5)),
  // Faithful from half of the edges on.
  curve: () =>
    Promise.resolve(mibShares.map((share) => ({
      share,
      edges: 0,
      reachable: 0,
      value: 0,
      faithfulness: share < 0.5 ? 0 : 1,
    }))),
};

const onCircuit: Readonly<Record<MeasureName, number>> = {
  faithfulness: 0.7,
  completeness: 0.15,
  // f(C) = 0.7; without the direct edge 0.4, without another one 0.65.
  minimality: 0.05,
  // A triangle from 20 to 50 %, then a rectangle to 100 %.
  cpr: 0.3 / 2 + 0.5,
  // A rectangle from 0.1 to 20 %, then the triangle above the first one.
  cmd: 0.199 + 0.3 / 2,
  log_area: (Math.log(0.5 / 0.2) / 2 + Math.log(1 / 0.5)) / Math.log(1000),
};

for (const [name, expected] of entries(onCircuit)) {
  Deno.test(`${name}: its value on an example`, async () => {
    const { value, hasInterval, fullModel, needsScores, passes }: Measure = measures[name];
    const found = await value(measured);
    assertEquals(typeof found === "object", hasInterval);
    assertAlmostEquals(typeof found === "object" ? found.value : found, expected, 1e-9);

    // Passes and the need of scores are as the record says.
    let [ran, drawn] = [0, 0];
    await value({
      ...measured,
      values: (open) => (ran++, measured.values(open)),
      without: (each) => (ran += each.length, measured.without(each)),
      curve: () => (drawn++, measured.curve()),
    });
    assertEquals(drawn > 0, needsScores);
    assertEquals(ran, passes(3));

    if (fullModel === undefined) return;
    const ideal = await value({
      ...measured,
      values: () => Promise.resolve(measured.ends.each.full),
    });
    assertEquals(typeof ideal === "object" ? ideal.value : ideal, fullModel);
  });
}
