/** Metrics of circuits on the tiny model, against the golden dense and circuit logits. */
import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { edgeName } from "../../../runtime/universe/universe.ts";
import { fullCircuit, makeCircuit } from "../../../runtime/circuits/sets.ts";
import {
  circuitValues,
  evaluateCircuit,
  evaluateCorrupted,
  evaluateFull,
  EvaluationError,
  maskValues,
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
