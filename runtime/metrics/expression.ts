/** Metrics of the user's own, written as expressions over the answers. @module */
import {
  type AnswerExpression,
  needsWrong,
  operators,
  reductions,
  setsOf,
  tokenValues,
} from "./answer_expression.ts";
import {
  type AnswerTokens,
  EvaluationError,
  logSumExp,
  type Metric,
  type Output,
} from "./metric.ts";

/** The message about an expression that is the same for every circuit. */
export const speaksOfNothing =
  "a metric must speak of `answers` or `wrong`: this one never changes";

/**
 * The metric that an expression over the right and wrong answers' logits makes; higher is better. It has a gradient.
 *
 * @throws {EvaluationError} if the expression speaks of no answers: it would be the same for every circuit
 */
export function expressionMetric(expression: AnswerExpression): Metric {
  const name = expressionText(expression);
  if (setsOf(expression).size === 0) {
    throw new EvaluationError(speaksOfNothing);
  }
  return {
    name,
    better: "higher",
    reads: shiftOf(expression) === 0 ? "log_probabilities" : "logits",
    needsWrong: needsWrong(expression),
    expression,
    value: (output, tokens) => valueOf(expression, output, tokens),
    loss: (examples, vocabulary) => ({
      kind: "expression",
      expression,
      answers: membership(examples.map(({ answers }) => answers), vocabulary),
      wrong: membership(examples.map(({ wrong }) => wrong), vocabulary),
    }),
  };
}

/** The expression as the language writes it, with the parentheses that it needs and no others. */
export function expressionText(node: AnswerExpression): string {
  switch (node.kind) {
    case "number":
      return String(node.value);
    case "over":
      return `${node.reduce}(${node.value}(${node.set}))`;
    case "negative":
      return `-${inside(node.operand, 3)}`;
    case "binary": {
      const strength = strengthOf(node);
      return `${inside(node.left, strength)} ${node.operator} ${inside(node.right, strength + 1)}`;
    }
  }
}

function inside(node: AnswerExpression, least: number): string {
  const text = expressionText(node);
  return strengthOf(node) < least ? `(${text})` : text;
}

/** Binding strength of an expression's outermost operator. */
function strengthOf(node: AnswerExpression): number {
  if (node.kind === "binary") return node.operator === "+" || node.operator === "-" ? 1 : 2;
  return node.kind === "negative" || (node.kind === "number" && node.value < 0) ? 3 : 4;
}

function valueOf(expression: AnswerExpression, { logits }: Output, tokens: AnswerTokens): number {
  let shift: number | undefined;
  const of = (node: AnswerExpression): number => {
    switch (node.kind) {
      case "number":
        return node.value;
      case "negative":
        return -of(node.operand);
      case "binary":
        return operators[node.operator](of(node.left), of(node.right));
      case "over": {
        const total = node.value === "logit" ? 0 : shift ??= logSumExp(logits);
        const values = Array.from(
          new Set(tokens[node.set]),
          (token) => tokenValues[node.value].value(logits[token], total),
        );
        return reductions[node.reduce].value(values);
      }
    }
  };
  return of(expression);
}

/** 1 for the tokens of each example's set, 0 for others, [examples, vocabulary]. */
function membership(sets: readonly Int32Array[], vocabulary: number): Float32Array {
  const member = new Float32Array(sets.length * vocabulary);
  sets.forEach((tokens, i) => tokens.forEach((token) => member[i * vocabulary + token] = 1));
  return member;
}

/** Growth of the value when every logit grows by 1; undefined if that depends on the logits or the sets. */
function shiftOf(node: AnswerExpression): number | undefined {
  switch (node.kind) {
    case "number":
      return 0;
    case "over":
      if (node.value !== "logit") return 0;
      return node.reduce === "sum" ? undefined : 1;
    case "negative": {
      const shift = shiftOf(node.operand);
      return shift === undefined ? undefined : -shift;
    }
    case "binary": {
      const [left, right] = [shiftOf(node.left), shiftOf(node.right)];
      if (left === undefined || right === undefined) return undefined;
      if (node.operator === "+") return left + right;
      if (node.operator === "-") return left - right;
      if (left === 0 && right === 0) return 0;
      if (node.operator === "*" && node.left.kind === "number") return node.left.value * right;
      if (node.right.kind === "number") return operators[node.operator](left, node.right.value);
      return undefined;
    }
  }
}
