/**
 * Expressions over the answers: numbers for one example, made of what the logits say of its right and its wrong answers.
 *
 * @module
 */

/** Numbers for every token, from the logits. */
export const TOKEN_VALUES = ["logit", "probability", "log_probability"] as const;
export type TokenValue = typeof TOKEN_VALUES[number];

/** The tokens that an answer is judged by. */
export const TOKEN_SETS = ["answers", "wrong"] as const;
export type TokenSet = typeof TOKEN_SETS[number];

/** What makes one number of a set's. */
export const REDUCTIONS = ["mean", "sum", "min", "max"] as const;

export const OPERATORS = ["+", "-", "*", "/"] as const;

/** A number for one example, made of what the logits say of its right and its wrong answers. */
export type AnswerExpression =
  | { readonly kind: "number"; readonly value: number }
  | {
    readonly kind: "over";
    readonly reduce: typeof REDUCTIONS[number];
    readonly value: TokenValue;
    readonly set: TokenSet;
  }
  | { readonly kind: "negative"; readonly operand: AnswerExpression }
  | {
    readonly kind: "binary";
    readonly operator: typeof OPERATORS[number];
    readonly left: AnswerExpression;
    readonly right: AnswerExpression;
  };

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
