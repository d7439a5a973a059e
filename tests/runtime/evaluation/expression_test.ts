/** Metrics written as expressions: text, values worked out by hand, and agreement with the named metrics. */
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  EvaluationError,
  expressionMetric,
  expressionText,
  metrics,
  type Output,
} from "../../../runtime/evaluation/mod.ts";
import type { AnswerExpression } from "../../../runtime/metrics/answer_expression.ts";

type Over = Extract<AnswerExpression, { kind: "over" }>;

const over = (
  reduce: Over["reduce"],
  value: Over["value"],
  set: Over["set"],
): AnswerExpression => ({ kind: "over", reduce, value, set });
const number = (value: number): AnswerExpression => ({ kind: "number", value });
const binary = (
  left: AnswerExpression,
  operator: "+" | "-" | "*" | "/",
  right: AnswerExpression,
): AnswerExpression => ({ kind: "binary", operator, left, right });
const negative = (operand: AnswerExpression): AnswerExpression => ({ kind: "negative", operand });

// Probabilities 1/10, 2/10, 3/10, 4/10.
const output: Output = {
  logits: Float32Array.from([1, 2, 3, 4], (p) => Math.log(p) + 5),
  target: new Float32Array(4),
  kl: 0,
};
const example = { answers: Int32Array.of(3, 2), wrong: Int32Array.of(0, 1) };
const value = (expression: AnswerExpression) => expressionMetric(expression).value(output, example);

Deno.test("expressions: every reduction of every value", () => {
  assertAlmostEquals(value(over("sum", "probability", "answers")), 0.7, 1e-6);
  assertAlmostEquals(value(over("mean", "probability", "wrong")), 0.15, 1e-6);
  assertAlmostEquals(value(over("max", "probability", "wrong")), 0.2, 1e-6);
  assertAlmostEquals(value(over("min", "log_probability", "answers")), Math.log(0.3), 1e-6);
  assertAlmostEquals(value(over("max", "logit", "answers")), Math.log(4) + 5, 1e-6);
  assertAlmostEquals(
    value(binary(
      binary(number(2), "*", over("max", "probability", "answers")),
      "/",
      negative(binary(over("sum", "probability", "wrong"), "+", number(0.1))),
    )),
    -2,
    1e-6,
  );
});

Deno.test("expressions: the named differences, written out, are the named differences", () => {
  const logit = binary(over("mean", "logit", "answers"), "-", over("mean", "logit", "wrong"));
  assertAlmostEquals(value(logit), metrics.logit_difference.value(output, example), 1e-9);
  const probability = binary(
    over("sum", "probability", "answers"),
    "-",
    over("sum", "probability", "wrong"),
  );
  assertAlmostEquals(
    value(probability),
    metrics.probability_difference.value(output, example),
    1e-9,
  );
});

Deno.test("expressions: written with the parentheses that they need", () => {
  const a = over("max", "logit", "answers");
  const b = over("mean", "logit", "wrong");
  const cases: readonly (readonly [AnswerExpression, string])[] = [
    [binary(a, "-", b), "max(logit(answers)) - mean(logit(wrong))"],
    [binary(a, "-", binary(b, "-", a)), "A - (B - A)"],
    [binary(binary(a, "-", b), "-", a), "A - B - A"],
    [binary(binary(a, "+", b), "*", number(2)), "(A + B) * 2"],
    [binary(number(0.5), "*", binary(a, "/", b)), "0.5 * (A / B)"],
    [negative(binary(a, "+", b)), "-(A + B)"],
    [binary(a, "*", negative(b)), "A * -B"],
  ];
  for (const [expression, text] of cases) {
    const expected = text.replaceAll("A", expressionText(a)).replaceAll("B", expressionText(b));
    assertEquals(expressionText(expression), expected);
    assertEquals(expressionMetric(expression).name, expected);
  }
});

Deno.test("expressions: what they need follows from what they say", () => {
  const of = (expression: AnswerExpression) => {
    const { reads, needsWrong } = expressionMetric(expression);
    return [reads, needsWrong];
  };
  const answers = over("mean", "logit", "answers");
  const wrong = over("max", "logit", "wrong");
  assertEquals(of(binary(answers, "-", wrong)), ["log_probabilities", true]);
  assertEquals(of(answers), ["logits", false]);
  assertEquals(of(over("sum", "logit", "answers")), ["logits", false]);
  assertEquals(of(over("sum", "probability", "wrong")), ["log_probabilities", false]);
  const half = (x: AnswerExpression) => binary(number(0.5), "*", x);
  assertEquals(of(binary(half(answers), "-", binary(wrong, "/", number(2)))), [
    "log_probabilities",
    true,
  ]);
  assertEquals(of(binary(half(answers), "-", wrong)), ["logits", true]);
  assertEquals(of(binary(answers, "*", wrong)), ["logits", true]);
  assertThrows(
    () => expressionMetric(number(3)),
    EvaluationError,
    "must speak of `answers` or `wrong`",
  );
});
