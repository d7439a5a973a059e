/**
 * Conditions over a task's variables, from syntax to the runtime's records.
 *
 * @module
 */
import type { Comparison, TaskCondition, TaskOperand } from "../../../runtime/tasks/mod.ts";
import type { Expression } from "../../syntax/tree.ts";
import { fail } from "../error.ts";
import type { Scope } from "../scope.ts";
import { spelling, textsOf } from "./constant.ts";

/** Comparisons by how a script writes them. */
export const comparisons: Readonly<Record<string, Comparison>> = {
  "=": "==",
  "!=": "!=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

/** The condition that an expression states. Words that `scope` does not know as values are variables. */
export async function conditionOf(expression: Expression, scope: Scope): Promise<TaskCondition> {
  switch (expression.kind) {
    case "GroupExpression":
      return await conditionOf(expression.inner, scope);
    case "UnaryExpression":
      if (expression.operator === "not") {
        return { kind: "not", condition: await conditionOf(expression.operand, scope) };
      }
      break;
    case "BinaryExpression": {
      const { operator, left, right } = expression;
      if (operator === "and" || operator === "or") {
        return {
          kind: operator,
          left: await conditionOf(left, scope),
          right: await conditionOf(right, scope),
        };
      }
      if (operator === "in") {
        return { kind: "in", operand: operandOf(left, scope), values: await textsOf(right, scope) };
      }
      const comparison = comparisons[operator];
      if (comparison !== undefined) {
        return {
          kind: "compare",
          operator: comparison,
          left: operandOf(left, scope),
          right: operandOf(right, scope),
        };
      }
    }
  }
  return fail(
    scope.place(expression),
    "a condition is needed here",
    "conditions compare variables: `y > year`",
  );
}

function operandOf(expression: Expression, scope: Scope): TaskOperand {
  if (expression.kind === "Path" && !isConstant(expression.text, scope)) {
    return { kind: "variable", name: expression.text };
  }
  return { kind: "literal", value: spelling(expression, scope) };
}

function isConstant(name: string, scope: Scope): boolean {
  const value = scope.lookup(name);
  return value?.kind === "number" || value?.kind === "text";
}
