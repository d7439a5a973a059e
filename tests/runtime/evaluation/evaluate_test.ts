/** Metrics of circuits on the tiny model, against the golden dense and circuit logits. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLessOrEqual,
  assertRejects,
} from "@std/assert";
import { randomFrom } from "../../../base/random.ts";
import { edgeName } from "../../../runtime/universe/universe.ts";
import { fullCircuit, makeCircuit } from "../../../runtime/circuits/sets.ts";
import {
  circuitValues,
  compareCircuits,
  evaluateCircuit,
  evaluateCorrupted,
  evaluateFull,
  EvaluationError,
  expressionMetric,
  maskValues,
  measureCircuit,
  metricNames,
} from "../../../runtime/evaluation/mod.ts";
import { golden, goldenByName, unchanged, withTiny } from "./tiny.ts";

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const difference = (logits: readonly number[]) => logits[1] - logits[2];

Deno.test("evaluation: full model, corrupted run and the circuits that equal them", () =>
  withTiny(async (masked, prepared) => {
    const clean = golden.dense_logits_clean.map((rows) => rows.at(-1)!);
    const full = await evaluateFull(masked, prepared, metricNames);
    assertAlmostEquals(full.logit_difference, mean(clean.map(difference)), 1e-5);
    assertEquals([full.kl, full.exact_match, full.kendall_tau], [0, 1, 1]);
    const all = await evaluateCircuit(masked, fullCircuit(masked.universe), prepared, metricNames);
    for (const name of metricNames) assertAlmostEquals(all[name], full[name], 1e-5, name);

    const corrupted = await evaluateCorrupted(masked, prepared, ["logit_difference"]);
    assertAlmostEquals(
      corrupted.logit_difference,
      mean(golden.dense_logits_corrupted_last.map(difference)),
      1e-5,
    );
    const empty = makeCircuit(masked.universe, [], null, { expression: "none" });
    assertEquals(
      (await circuitValues(masked, empty, prepared, ["logit_difference"])).logit_difference.length,
      3,
    );
  }));

Deno.test("kl is 0 for the full model, whatever is asked with it, and never below 0", () =>
  withTiny(async (masked, prepared) => {
    const { universe, model: { architecture: { vocabulary } } } = masked;
    const circuit = fullCircuit(universe);
    const bare = expressionMetric({
      kind: "over",
      reduce: "max",
      value: "logit",
      set: "answers",
    });
    for (const others of [[], ["faithfulness", "cpr"], [bare], ["exact_match"]]) {
      const choices = ["kl", ...others] as const;
      const scored = { ...circuit, scores: new Float32Array(universe.edgeCount).fill(1) };
      assertEquals((await measureCircuit(masked, scored, prepared, choices)).kl, 0);
    }
    const [{ kl }] = (await compareCircuits(masked, prepared, [{ name: "full", circuit }], ["kl"]))
      .rows.map((row) => ({ kl: row[4] }));
    assertEquals(kl, 0);

    // Masks from nearly open to closed, one by one and in a sequence: against float64, from the logits.
    const random = randomFrom(13, "masks");
    const masks = [0, 1e-4, 1e-3, 0.01, 0.1, 0.5, 1].flatMap((cut) =>
      [0, 1].map(() =>
        Float32Array.from({ length: universe.edgeCount }, () => 1 - cut * random.uniform())
      )
    );
    const targets = await masked.targets(prepared);
    const sequence = await masked.sequence(prepared);
    const inTurn = await sequence.evaluate(masks);
    let difference = 0;
    for (const [m, z] of masks.entries()) {
      const found = await masked.evaluate(prepared, z, { logits: true });
      const { loss } = await masked.gradient(prepared, z);
      const exact = prepared.examples.map((_, i) => {
        const rows = [targets, found.logits].map((matrix) =>
          logSoftmax(matrix.subarray(i * vocabulary, (i + 1) * vocabulary))
        );
        return rows[0].reduce((sum, t, v) => sum + Math.exp(t) * (t - rows[1][v]), 0);
      });
      for (const values of [found.kl, inTurn[m].kl]) {
        values.forEach((kl, i) => {
          assert(kl >= 0, `${kl}`);
          difference = Math.max(difference, Math.abs(kl - exact[i]));
        });
      }
      assert(loss >= 0);
      difference = Math.max(difference, Math.abs(loss - mean(exact)));
    }
    await sequence.close();
    assertLessOrEqual(difference, 2e-7);
  }));

/** Logarithms of the softmax, in float64. */
function logSoftmax(logits: Float32Array): number[] {
  const row = Array.from(logits);
  const highest = Math.max(...row);
  const total = highest + Math.log(row.reduce((sum, x) => sum + Math.exp(x - highest), 0));
  return row.map((x) => x - total);
}

Deno.test("evaluation: values per example under the golden masks", () =>
  withTiny(async (masked, prepared) => {
    const { universe } = masked;
    const z = Float32Array.from(
      { length: universe.edgeCount },
      (_, e) => goldenByName.get(edgeName(universe, e))!.z,
    );
    const { kl, logit_difference } = await maskValues(masked, z, prepared, [
      "kl",
      "logit_difference",
    ]);
    assertAlmostEquals(mean([...kl]), golden.kl_full_to_circuit_last_mean, 1e-5);
    golden.circuit_logits_last.forEach((logits, i) =>
      assertAlmostEquals(logit_difference[i], difference(logits), 1e-4)
    );
  }));

Deno.test("evaluation: unknown metrics and missing wrong answers are refused", () =>
  withTiny(async (masked, prepared) => {
    const circuit = fullCircuit(masked.universe);
    await assertRejects(
      () => evaluateCircuit(masked, circuit, prepared, ["kll"]),
      EvaluationError,
      "unknown metric `kll`",
    );
    await assertRejects(
      () => evaluateCircuit(masked, circuit, prepared, ["logit_difference"]),
      EvaluationError,
      "example 2 has none",
    );
  }, unchanged.map((example, i) => i === 1 ? { ...example, wrong: Int32Array.of() } : example)));
