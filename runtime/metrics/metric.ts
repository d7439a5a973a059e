/** Metrics: numbers for one example, from the circuit's output and the full model's. @module */
import { UserError } from "../../base/user_error.ts";
import type { AnswerExpression } from "./answer_expression.ts";
import type { Described } from "./described.ts";
import type { Loss } from "./loss.ts";

/**
 * Outputs at one example's answer.
 *
 * @internal
 */
export interface Output {
  /** Circuit's logits, or log-probabilities, which differ from them by a constant; [vocabulary]. */
  readonly logits: Float32Array;
  /** Full model's log-probabilities, [vocabulary]. */
  readonly target: Float32Array;
  /** KL(full model || circuit), in nats. */
  readonly kl: number;
}

/**
 * The tokens that an example's answer is judged by.
 *
 * @internal
 */
export interface AnswerTokens {
  /** Token ids of the right answers; at least one. */
  readonly answers: Int32Array;
  /** Token ids of the wrong answers; may be empty. */
  readonly wrong: Int32Array;
}

/** A metric by its name, or one of the user's own. */
export type MetricChoice = string | Metric;

/** Name of a metric. */
export const nameOfMetric = (metric: MetricChoice): string =>
  typeof metric === "string" ? metric : metric.name;

/** A metric: a number for one example. */
export interface Metric {
  /** Name, which results are filed under. */
  readonly name: string;
  /** The better values. */
  readonly better: "higher" | "lower";
  /** The part of an output that it reads: the KL divergence alone, logits up to a constant, or the logits themselves. */
  readonly reads: "kl" | "log_probabilities" | "logits";
  /** True if it has no value for an example without wrong answers. */
  readonly needsWrong: boolean;
  /** The expression of a metric that is made by {@linkcode expressionMetric}. */
  readonly expression?: AnswerExpression;
  /** Least and greatest value that is possible; absent: any number is. */
  readonly bounds?: readonly [least: number, most: number];
  /** True if it is 0 or 1 for each example, so that its mean is a share of them. */
  readonly isShare?: true;
  /** Value for one example; a metric of several examples is the mean of these. */
  value(output: Output, example: AnswerTokens): number;
  /**
   * The metric as a loss, so that it has a gradient: its value is the metric's mean over the examples. Absent for
   * metrics that are flat almost everywhere.
   *
   * @param vocabulary number of tokens
   */
  loss?(examples: readonly AnswerTokens[], vocabulary: number): Loss;
}

/** A metric of the library's own, which the language knows by name. */
export interface NamedMetric extends Metric, Described {
  /** True if it compares with the full model, so that the full model's own value says nothing. */
  readonly relative: boolean;
  /** The label of a plot's axis; default: the name. */
  readonly label?: string;
  /** Of a metric that falls by magnitudes: a value below is as good as 0, and a plot's axis may be logarithmic. */
  readonly negligible?: number;
}

/** A measurement that cannot be made. */
export class EvaluationError extends UserError {
  /** Name of the class. */
  override readonly name = "EvaluationError";
}

/** Coefficients [examples, vocabulary] of a loss that is linear in the logits or the probabilities. */
export function coefficientsOf(
  examples: readonly AnswerTokens[],
  vocabulary: number,
  weights: (example: AnswerTokens) => { readonly answer: number; readonly wrong: number },
): Float32Array {
  const coefficients = new Float32Array(examples.length * vocabulary);
  examples.forEach((example, i) => {
    const { answer, wrong } = weights(example);
    for (const token of example.answers) coefficients[i * vocabulary + token] += answer;
    for (const token of example.wrong) coefficients[i * vocabulary + token] += wrong;
  });
  return coefficients;
}

/** log(sum(exp(logits))) of logits [vocabulary]. */
export function logSumExp(logits: Float32Array): number {
  let highest = -Infinity;
  for (const value of logits) if (value > highest) highest = value;
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - highest);
  return highest + Math.log(sum);
}

/** The token with the highest of the logits [vocabulary]; the lowest token of equal ones. */
export function argmax(logits: Float32Array): number {
  let best = 0;
  for (let token = 1; token < logits.length; token++) {
    if (logits[token] > logits[best]) best = token;
  }
  return best;
}
