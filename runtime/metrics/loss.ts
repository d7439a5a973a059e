/** Losses at the rows that are read, by definition (no paper), as data: the graph that computes them is built in `stream/loss.ts`. @module */
import type { AnswerExpression } from "./answer_expression.ts";

/**
 * A loss to differentiate, of each example.
 *
 * - `kl`: KL(full model || circuit), in nats.
 * - `logits`, `probabilities`: the sum over the vocabulary of coefficients [examples, vocabulary] times the circuit's logits
 *   or probabilities.
 * - `expression`: the value of the expression; `answers` and `wrong` [examples, vocabulary] are 1 for the tokens of the set.
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

/** The part of a loss that decides its graph. */
export type LossForm = "kl" | "logits" | "probabilities" | AnswerExpression;

/** The form of a loss. */
export const formOf = (loss: Loss): LossForm =>
  loss.kind === "expression" ? loss.expression : loss.kind;
