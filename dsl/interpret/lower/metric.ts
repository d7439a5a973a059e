/**
 * A metric's expression as the runtime's.
 *
 * @module
 */
import type { AnswerExpression } from "../../../runtime/stream/loss.ts";
import type { Expression } from "../../syntax/tree.ts";
import { fail } from "../error.ts";
import type { Scope } from "../scope.ts";
import { numberOf } from "./constant.ts";

type Over = Extract<AnswerExpression, { kind: "over" }>;

const reductions: readonly Over["reduce"][] = ["mean", "sum", "min", "max"];
const values: readonly Over["value"][] = ["logit", "probability", "log_probability"];
const sets: readonly Over["set"][] = ["answers", "wrong"];
const operators = ["+", "-", "*", "/"] as const;

/** The expression that a task writes behind `metric`: `mean(logit(answers)) - max(logit(wrong))` and the like. */
export function metricExpression(node: Expression, scope: Scope): AnswerExpression {
  switch (node.kind) {
    case "GroupExpression":
      return metricExpression(node.inner, scope);
    case "UnaryExpression":
      return { kind: "negative", operand: metricExpression(node.operand, scope) };
    case "BinaryExpression": {
      const operator = operators.find((each) => each === node.operator);
      if (operator === undefined) break;
      const left = metricExpression(node.left, scope);
      return { kind: "binary", operator, left, right: metricExpression(node.right, scope) };
    }
    case "CallExpression": {
      const { callee, arguments: [item] } = node;
      if (item?.kind !== "CallExpression") break;
      const [set] = item.arguments;
      const over = {
        reduce: reductions.find((each) => each === callee.text),
        value: values.find((each) => each === item.callee.text),
        set: set?.kind === "Path" ? sets.find((each) => each === set.text) : undefined,
      };
      if (!over.reduce || !over.value || !over.set) break;
      return { kind: "over", ...over } as Over;
    }
    case "NumberLiteral":
      return { kind: "number", value: numberOf(node, scope) };
  }
  return fail(
    scope.place(node),
    "a metric is a name or an expression over `answers` and `wrong`",
    "for instance `mean(logit(answers)) - max(logit(wrong))`",
  );
}
