/** Conditions over a task's variables: `y > year and y != 50`. @module */
import { TaskError } from "./error.ts";

/**
 * A variable's value, or a literal; numbers are kept as they are written (`05`).
 *
 * @internal
 */
export type TaskOperand =
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "literal"; readonly value: string };

/** A condition over the variables of a task, such as `y > year and y != 50`. */
export type TaskCondition =
  | {
    readonly kind: "compare";
    readonly operator: "==" | "!=" | "<" | "<=" | ">" | ">=";
    readonly left: TaskOperand;
    readonly right: TaskOperand;
  }
  | { readonly kind: "in"; readonly operand: TaskOperand; readonly values: readonly string[] }
  | { readonly kind: "and" | "or"; readonly left: TaskCondition; readonly right: TaskCondition }
  | { readonly kind: "not"; readonly condition: TaskCondition };

export type Comparison = Extract<TaskCondition, { readonly kind: "compare" }>["operator"];

/** Values by variable name. */
export type Values = Readonly<Record<string, string>>;

/**
 * True if the condition holds. Two numbers are compared as numbers (`05 == 5`), anything else as text, for which only
 * `==` and `!=` are defined.
 *
 * @throws {TaskError} for a variable without a value, and for an order between texts that are not numbers
 */
export function holds(condition: TaskCondition, values: Values, place: string): boolean {
  switch (condition.kind) {
    case "and":
      return holds(condition.left, values, place) && holds(condition.right, values, place);
    case "or":
      return holds(condition.left, values, place) || holds(condition.right, values, place);
    case "not":
      return !holds(condition.condition, values, place);
    case "in": {
      const value = valueOf(condition.operand, values, place);
      return condition.values.some((other) => same(value, other));
    }
    case "compare":
      return compare(
        condition.operator,
        valueOf(condition.left, values, place),
        valueOf(condition.right, values, place),
        place,
      );
  }
}

/** Names of the variables that a condition reads, each once, in order of appearance. */
export function variablesOfCondition(condition: TaskCondition): string[] {
  const names = new Set<string>();
  const visit = (node: TaskCondition): void => {
    if (node.kind === "and" || node.kind === "or") {
      visit(node.left);
      visit(node.right);
    } else if (node.kind === "not") {
      visit(node.condition);
    } else {
      const operands = node.kind === "in" ? [node.operand] : [node.left, node.right];
      for (const operand of operands) if (operand.kind === "variable") names.add(operand.name);
    }
  };
  visit(condition);
  return [...names];
}

/** The condition as text, as the language writes it. */
export function conditionText(condition: TaskCondition): string {
  switch (condition.kind) {
    case "and":
    case "or":
      return `(${conditionText(condition.left)} ${condition.kind} ${
        conditionText(condition.right)
      })`;
    case "not":
      return `not ${conditionText(condition.condition)}`;
    case "in":
      return `${operandText(condition.operand)} in [${
        condition.values.map(literalText).join(", ")
      }]`;
    case "compare":
      return `${operandText(condition.left)} ${condition.operator} ${operandText(condition.right)}`;
  }
}

function operandText(operand: TaskOperand): string {
  return operand.kind === "variable" ? operand.name : literalText(operand.value);
}

function literalText(value: string): string {
  return isNumber(value) ? value : JSON.stringify(value);
}

function valueOf(operand: TaskOperand, values: Values, place: string): string {
  if (operand.kind === "literal") return operand.value;
  if (!Object.hasOwn(values, operand.name)) {
    throw new TaskError(place, `the condition reads \`${operand.name}\`, which nothing declares`);
  }
  return values[operand.name];
}

function compare(operator: Comparison, left: string, right: string, place: string): boolean {
  if (operator === "==") return same(left, right);
  if (operator === "!=") return !same(left, right);
  if (!isNumber(left) || !isNumber(right)) {
    const text = isNumber(left) ? right : left;
    throw new TaskError(
      place,
      `\`${operator}\` compares numbers, and ${JSON.stringify(text)} is not one`,
      "texts can be compared with == and != only",
    );
  }
  const [a, b] = [Number(left), Number(right)];
  return operator === "<" ? a < b : operator === "<=" ? a <= b : operator === ">" ? a > b : a >= b;
}

function same(left: string, right: string): boolean {
  return isNumber(left) && isNumber(right) ? Number(left) === Number(right) : left === right;
}

function isNumber(text: string): boolean {
  return /^[+-]?\d+(\.\d+)?$/.test(text);
}
