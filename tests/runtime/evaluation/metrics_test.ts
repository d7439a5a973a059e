/** Metrics on outputs whose value is worked out by hand. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  EvaluationError,
  metricNamed,
  metricNames,
  metrics,
  metricsFor,
  type Output,
} from "../../../runtime/evaluation/mod.ts";
import { tauB } from "../../../runtime/metrics/kendall_tau.ts";

// Probabilities 1/10, 2/10, 3/10, 4/10 up to a constant in the logits; the full model's are reversed.
const logits = Float32Array.from([1, 2, 3, 4], (p) => Math.log(p) + 5);
const target = Float32Array.from([4, 3, 2, 1], (p) => Math.log(p / 10));
const output: Output = { logits, target, kl: 0.25 };
const judged = (answers: number[], wrong: number[]) => ({
  answers: Int32Array.from(answers),
  wrong: Int32Array.from(wrong),
});

Deno.test("metrics: their values on one example", () => {
  const example = judged([3, 2], [0]);
  assertEquals(metrics.kl.value(output, example), 0.25);
  assertAlmostEquals(
    metrics.logit_difference.value(output, example),
    (Math.log(4) + Math.log(3)) / 2,
    1e-6,
  );
  assertAlmostEquals(metrics.probability_difference.value(output, example), 0.7 - 0.1, 1e-6);
  assertEquals(metrics.accuracy.value(output, example), 1);
  assertEquals(metrics.accuracy.value(output, judged([2], [3])), 0);
  assertEquals(metrics.exact_match.value(output, example), 0);
  assertEquals(metrics.exact_match.value({ ...output, logits: target }, example), 1);
  assertEquals(metrics.kendall_tau.value(output, example), -1);
});

Deno.test("Kendall's tau: ties count as in tau-b", () => {
  // Pairs: (1,2) tied in y, (1,3) agrees, (2,3) agrees: 2 / sqrt(3 * 2).
  assertAlmostEquals(tauB([1, 2, 3], [1, 1, 2]), 2 / Math.sqrt(6), 1e-12);
  assertEquals(tauB([1, 2, 3, 4], [1, 2, 4, 3]), (5 - 1) / 6);
  assertEquals(tauB([1, 1], [1, 2]), 0);
});

Deno.test("metrics with a gradient: coefficients give the metric's value", () => {
  const examples = [judged([3, 2], [0]), judged([1], [0, 2])];
  for (const name of ["logit_difference", "probability_difference"] as const) {
    const metric = metrics[name];
    const loss = metric.loss!(examples, 4);
    assert(loss.kind === "logits" || loss.kind === "probabilities");
    const linear = loss.kind === "logits" ? logits : [0.1, 0.2, 0.3, 0.4];
    examples.forEach((example, i) => {
      let sum = 0;
      for (let t = 0; t < 4; t++) sum += loss.coefficients[i * 4 + t] * linear[t];
      assertAlmostEquals(sum, metric.value(output, example), 1e-6);
    });
  }
});

Deno.test("an unknown metric is refused with the list and the nearest name", () => {
  const error = assertThrows(() => metricNamed("logit_diference"), EvaluationError);
  assertEquals(error.message, "unknown metric `logit_diference`");
  assertEquals(error.help, "did you mean `logit_difference`?");
  const { help } = assertThrows(() => metricNamed("x"), EvaluationError);
  assertEquals(metricNames.filter((name) => !help.includes(`\`${name}\``)), []);
});

Deno.test("metrics that need wrong answers are not offered where there are none", () => {
  const without: readonly string[] = metricsFor([judged([1], [])]);
  for (const name of ["kl", "probability_difference", "accuracy", "exact_match"]) {
    assert(without.includes(name), name);
  }
  for (const name of ["logit_difference", "kendall_tau"]) assert(!without.includes(name), name);
  assertEquals(metricsFor([judged([1], [2])]), metricNames);
});
