/**
 * A metric's expression as the runtime's.
 *
 * @module
 */
import {
  type AnswerExpression,
  OPERATORS,
  REDUCTIONS,
  TOKEN_SETS,
  TOKEN_VALUES,
} from "../../../runtime/metrics/answer_expression.ts";
import type { Expression } from "../../syntax/tree.ts";
import { fail } from "../error.ts";
import type { Scope } from "../scope.ts";
import { numberOf } from "./constant.ts";

/** The expression that a task writes behind `metric`: `mean(logit(answers)) - max(logit(wrong))` and the like. */
export function metricExpression(node: Expression, scope: Scope): AnswerExpression {
  switch (node.kind) {
    case "GroupExpression":
      return metricExpression(node.inner, scope);
    case "UnaryExpression":
      return { kind: "negative", operand: metricExpression(node.operand, scope) };
    case "BinaryExpression": {
      const operator = OPERATORS.find((each) => each === node.operator);
      if (operator === undefined) break;
      const left = metricExpression(node.left, scope);
      return { kind: "binary", operator, left, right: metricExpression(node.right, scope) };
    }
    case "CallExpression": {
      const { callee, arguments: [item] } = node;
      if (item?.kind !== "CallExpression") break;
      const [tokens] = item.arguments;
      const reduce = REDUCTIONS.find((each) => each === callee.text);
      const value = TOKEN_VALUES.find((each) => each === item.callee.text);
      const set = TOKEN_SETS.find((each) => tokens?.kind === "Path" && each === tokens.text);
      if (!reduce || !value || !set) break;
      return { kind: "over", reduce, value, set };
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
