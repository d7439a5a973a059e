/**
 * Losses at the rows that are read, as data: the graph that computes them is built in `stream/loss.ts`.
 *
 * @module
 */
import type { AnswerExpression } from "./answer_expression.ts";

/**
 * A loss to differentiate:
 * `kl`: KL(full || circuit);
 * `logits`, `probabilities`: sum of the coefficients [examples, vocabulary] times the circuit's logits or probabilities;
 * `expression`: the expression's value, with 1 for the tokens of each set and 0 for others, [examples, vocabulary] each.
 */
export type Loss =
  | { readonly kind: "kl" }
  | { readonly kind: "logits" | "probabilities"; readonly coefficients: Float32Array }
  | {
    readonly kind: "expression";
    readonly expression: AnswerExpression;
    readonly answers: Float32Array;
    readonly wrong: Float32Array;
  };

/** What of a loss decides its graph. */
export type LossForm = "kl" | "logits" | "probabilities" | AnswerExpression;

export const formOf = (loss: Loss): LossForm =>
  loss.kind === "expression" ? loss.expression : loss.kind;
