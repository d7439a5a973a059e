/** CPR, CMD and their kin on curves and score lists whose areas are worked out here. */
import { assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { makeCircuit } from "../../../runtime/circuits/sets.ts";
import { edgeName } from "../../../runtime/universe/universe.ts";
import {
  cmd,
  cpr,
  endsOfMetric,
  EvaluationError,
  faithfulnessCurve,
  faithfulnessEstimate,
  logArea,
  measureCircuit,
  measuredCircuit,
  mibShares,
  minimality,
  trapezoid,
} from "../../../runtime/evaluation/mod.ts";
import type { MaskedModel } from "../../../runtime/stream/mod.ts";
import { linearModel, universe } from "./linear.ts";

const curve = (f: (share: number) => number) =>
  mibShares.map((share) => ({ share, faithfulness: f(share) }));

Deno.test("CPR and CMD: an ideal circuit, a useless one, one that outdoes the model", () => {
  const ideal = curve(() => 1);
  assertAlmostEquals(cpr(ideal), 0.999, 1e-12);
  assertEquals(cmd(ideal), 0);
  assertAlmostEquals(logArea(ideal), 1, 1e-12);

  // Nothing until all edges are there: only the last trapezoid, 0.5 wide, rises to 1.
  const useless = curve((share) => share === 1 ? 1 : 0);
  assertAlmostEquals(cpr(useless), 0.25, 1e-12);
  assertAlmostEquals(cmd(useless), 0.499 + 0.25, 1e-12);
  assertAlmostEquals(logArea(useless), Math.log(2) / 2 / Math.log(1000), 1e-12);

  // f = share is a straight line, on which trapezoids are exact.
  assertAlmostEquals(cpr(curve((share) => share)), (1 - 0.001 ** 2) / 2, 1e-12);

  // 1.5 at 20 % between 1s at 10 % and 50 %: triangles of height 0.5 on bases 0.1 and 0.3, up for CPR, bad for CMD.
  const above = curve((share) => share === 0.2 ? 1.5 : 1);
  assertAlmostEquals(cpr(above), 0.999 + 0.5 * 0.5 * 0.4, 1e-12);
  assertAlmostEquals(cmd(above), 0.5 * 0.5 * 0.4, 1e-12);
});

Deno.test("areas need two points in order", () => {
  assertThrows(() => trapezoid([[0, 1]]), RangeError, "there are 1");
  assertThrows(() => trapezoid([[1, 1], [0, 1]]), RangeError, "0 follows 1");
});

const names = Array.from({ length: universe.edgeCount }, (_, edge) => edgeName(universe, edge));
const weightOf: Record<string, number> = {
  "tok -> logits": 4,
  "tok -> m0": 1,
  "m0 -> logits": 2,
  "a0.h0 -> logits": -3,
  "tok -> a0.h0.v": 6,
};
const weights = names.map((name) => weightOf[name] ?? 0);
const scored = (scoreOf: Record<string, number>, kept: string[]) =>
  makeCircuit(
    universe,
    kept.map((name) => names.indexOf(name)),
    Float32Array.from(names, (name) => scoreOf[name] ?? 0),
    { expression: "hand" },
  );

Deno.test("a score list's curve, CPR and CMD, worked out by hand", async () => {
  assertEquals(universe.edgeCount, 8);
  const { masked, prepared } = linearModel(weights);
  const ends = await endsOfMetric(masked, prepared, "logit_difference");
  assertAlmostEquals(ends.full, 10, 1e-5);
  assertEquals(ends.corrupted, 0);
  // Order: tok -> logits, a0.h0 -> logits (reaches nothing yet), tok -> m0, m0 -> logits, then the rest.
  const circuit = scored({
    "tok -> logits": 5,
    "a0.h0 -> logits": 4,
    "tok -> m0": 3,
    "m0 -> logits": 2,
  }, []);
  const points = await faithfulnessCurve(masked, circuit, prepared, ends);
  // Shares of 8 edges rounded down: none up to 10 %, 1 at 20 %, 4 at 50 %, 8 at 100 %.
  assertEquals(points.map(({ edges }) => edges), [0, 0, 0, 0, 0, 0, 0, 1, 4, 8]);
  assertEquals(points.slice(-3).map(({ reachable }) => reachable), [1, 3, 8]);
  [0, 0, 0, 0, 0, 0, 0, 0.4, 0.7, 1].forEach((expected, i) =>
    assertAlmostEquals(points[i].faithfulness, expected, 1e-6)
  );
  // 0.1..0.2: 0.1 * 0.2; 0.2..0.5: 0.3 * 0.55; 0.5..1: 0.5 * 0.85.
  const byHand = 0.02 + 0.165 + 0.425;
  const found = await measureCircuit(masked, circuit, prepared, ["cpr", "cmd"]);
  assertAlmostEquals(found.cpr, byHand, 1e-6);
  assertAlmostEquals(found.cmd, 0.999 - byHand, 1e-6);
});

Deno.test("faithfulness has an interval over the examples: circuit, model and corrupted run together", async () => {
  const { masked, prepared } = linearModel(names.map(() => 0));
  const differences = [1, 10];
  const model = {
    ...masked,
    evaluate: (_: unknown, __: Float32Array, { chosen = [0, 1] } = {}) =>
      Promise.resolve({
        kl: new Float32Array(chosen.length),
        logits: Float32Array.from(chosen.flatMap((i) => [differences[i], 0])),
      }),
  } as MaskedModel;
  const ends = {
    metric: "logit_difference",
    full: 6,
    corrupted: 0,
    each: { full: Float64Array.of(2, 10), corrupted: Float64Array.of(0, 0) },
  };
  const circuit = makeCircuit(universe, [0], null, { expression: "hand" });
  const found = await faithfulnessEstimate(
    measuredCircuit(model, circuit, prepared, ends),
  );
  // 11 of 12 on both. The examples keep 1 of 2 and 10 of 10, 10/12 less and more than 11/12 of theirs: a standard error of
  // 10/12 to a mean of 6, times the tabled quantile of Student's t for one degree of freedom.
  assertAlmostEquals(found.value, 11 / 12, 1e-9);
  const reach = 12.7062 * 10 / 12 / 6;
  assertAlmostEquals(found.low!, 11 / 12 - reach, 1e-4);
  assertAlmostEquals(found.high!, 11 / 12 + reach, 1e-4);
});

Deno.test("faithfulness, completeness and minimality, worked out by hand", async () => {
  const { masked, prepared } = linearModel(weights);
  const ends = await endsOfMetric(masked, prepared, "logit_difference");
  const circuit = scored({}, ["tok -> logits", "tok -> m0", "m0 -> logits"]);
  const found = await measureCircuit(masked, circuit, prepared, [
    "faithfulness",
    "completeness",
    "logit_difference",
  ]);
  assertAlmostEquals(found.faithfulness, 0.7, 1e-6);
  // The rest: tok -> a0.h0.v (6) and a0.h0 -> logits (-3).
  assertAlmostEquals(found.completeness, 0.3, 1e-6);
  assertAlmostEquals(found.logit_difference, 7, 1e-6);
  const least = await minimality(measuredCircuit(masked, circuit, prepared, ends));
  // Without either of the MLP's two edges both go: 3 of 10.
  assertAlmostEquals(least.minimality, 0.3, 1e-6);
  assertAlmostEquals(least.perEdge.get(names.indexOf("tok -> logits"))!, 0.4, 1e-6);

  const { masked: flat, prepared: examples } = linearModel(names.map(() => 0));
  await assertRejects(
    () => measureCircuit(flat, circuit, examples, ["faithfulness"]),
    EvaluationError,
    "do not differ: both have 0",
  );
  await assertRejects(
    () => measureCircuit(masked, circuit, prepared, ["fathfulness"]),
    EvaluationError,
    "unknown metric `fathfulness`",
  );
});
