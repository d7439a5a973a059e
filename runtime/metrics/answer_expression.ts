/**
 * Expressions over the answers: numbers for one example, made of the logits of its right and its wrong answers.
 *
 * @module
 */

/** A function of an expression: its meaning for authors of scripts, an example, and its value. */
interface AnswerFunction<F> {
  readonly about: string;
  readonly example: string;
  readonly value: F;
}

/** Numbers for every token, from its logit and `shift`, log(sum(exp(logits))). */
export const tokenValues = {
  logit: {
    about: "Each token's logit.",
    example: "max(logit(answers))",
    value: (logit: number): number => logit,
  },
  probability: {
    about: "Each token's probability, among all tokens.",
    example: "sum(probability(answers))",
    value: (logit: number, shift: number): number => Math.exp(logit - shift),
  },
  log_probability: {
    about: "The logarithm of each token's probability, in nats.",
    example: "mean(log_probability(answers))",
    value: (logit: number, shift: number): number => logit - shift,
  },
} as const satisfies Record<TokenValue, AnswerFunction<(logit: number, shift: number) => number>>;
/** Names of {@linkcode tokenValues}. */
export const TOKEN_VALUES = Object.keys(tokenValues) as readonly TokenValue[];

/** The tokens that an answer is judged by. */
export const TOKEN_SETS: readonly TokenSet[] = ["answers", "wrong"];

const sum = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** One number from those of a set. */
export const reductions = {
  mean: {
    about: "The mean over a set of tokens.",
    example: "mean(logit(answers))",
    value: (values: readonly number[]): number => sum(values) / values.length,
  },
  sum: {
    about: "The sum over a set of tokens.",
    example: "sum(probability(answers))",
    value: sum,
  },
  min: {
    about: "The least value over a set of tokens.",
    example: "min(logit(answers))",
    value: (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity),
  },
  max: {
    about: "The greatest value over a set of tokens.",
    example: "max(logit(wrong))",
    value: (values: readonly number[]): number =>
      values.reduce((a, b) => Math.max(a, b), -Infinity),
  },
} as const satisfies Record<Reduction, AnswerFunction<(values: readonly number[]) => number>>;
/** Names of {@linkcode reductions}. */
export const REDUCTIONS = Object.keys(reductions) as readonly Reduction[];

/** Operators of expressions. */
export const operators: Readonly<Record<AnswerOperator, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
};

/**
 * A number for one example, made of its answers' logits: `min(log_probability(answers)) - max(log_probability(wrong))`.
 * `over` reduces a value of every token of a set to one number.
 */
export type AnswerExpression =
  | { readonly kind: "number"; readonly value: number }
  | {
    readonly kind: "over";
    readonly reduce: "mean" | "sum" | "min" | "max";
    readonly value: "logit" | "probability" | "log_probability";
    readonly set: "answers" | "wrong";
  }
  | { readonly kind: "negative"; readonly operand: AnswerExpression }
  | {
    readonly kind: "binary";
    readonly operator: "+" | "-" | "*" | "/";
    readonly left: AnswerExpression;
    readonly right: AnswerExpression;
  };

type Over = Extract<AnswerExpression, { readonly kind: "over" }>;
/** A number for every token. */
export type TokenValue = Over["value"];
/** A set of an example's tokens. */
export type TokenSet = Over["set"];
/** A function from the numbers of a set to one. */
export type Reduction = Over["reduce"];
export type AnswerOperator = Extract<AnswerExpression, { readonly kind: "binary" }>["operator"];

/** The sets of tokens that an expression reads. */
export function setsOf(node: AnswerExpression): ReadonlySet<TokenSet> {
  switch (node.kind) {
    case "number":
      return new Set();
    case "negative":
      return setsOf(node.operand);
    case "binary":
      return setsOf(node.left).union(setsOf(node.right));
    case "over":
      return new Set([node.set]);
  }
}

/** True if it has no value without wrong answers: a sum over no tokens is 0; their mean, least and greatest value do not exist. */
export function needsWrong(node: AnswerExpression): boolean {
  switch (node.kind) {
    case "number":
      return false;
    case "negative":
      return needsWrong(node.operand);
    case "binary":
      return needsWrong(node.left) || needsWrong(node.right);
    case "over":
      return node.set === "wrong" && node.reduce !== "sum";
  }
}
