/** The metrics, by name. Adding one is adding a file and an entry here: `docs/adding.md` shows it. @module */
import { helpFor } from "../../base/help_line.ts";
import {
  type AnswerTokens,
  EvaluationError,
  type Metric,
  type MetricChoice,
  type NamedMetric,
} from "./metric.ts";
import { accuracy } from "./accuracy.ts";
import { exactMatch } from "./exact_match.ts";
import { kendallTau } from "./kendall_tau.ts";
import { kl } from "./kl.ts";
import { logitDifference } from "./logit_difference.ts";
import { probabilityDifference } from "./probability_difference.ts";

export {
  type AnswerExpression,
  type AnswerOperator,
  operators,
  REDUCTIONS,
  reductions,
  setsOf,
  TOKEN_SETS,
  TOKEN_VALUES,
  type TokenValue,
  tokenValues,
} from "./answer_expression.ts";
export type { Described } from "./described.ts";
export { expressionMetric, expressionText, speaksOfNothing } from "./expression.ts";
export { formOf, type Loss, type LossForm } from "./loss.ts";
export {
  type AnswerTokens,
  EvaluationError,
  logSumExp,
  type Metric,
  type MetricChoice,
  type NamedMetric,
  nameOfMetric,
  type Output,
} from "./metric.ts";

/** Metrics by name. */
export const metrics = {
  kl,
  logit_difference: logitDifference,
  probability_difference: probabilityDifference,
  accuracy,
  exact_match: exactMatch,
  kendall_tau: kendallTau,
} as const satisfies Readonly<Record<string, NamedMetric>>;

/** Name of a metric. */
export type MetricName = keyof typeof metrics;

/** Names of the metrics: numbers for one example. {@linkcode measureNames} are the measures of whole circuits. */
export const metricNames = Object.keys(metrics) as readonly MetricName[];

/** True if a name is a metric's. */
export const isMetricName = (name: string): name is MetricName => Object.hasOwn(metrics, name);

/** The metric of a task that names none, by whether the task itself gives wrong answers. */
export const defaultMetric = (hasWrong: boolean): MetricName =>
  hasWrong ? "logit_difference" : "kl";

/** Metrics that have a gradient. */
export const gradientNames: readonly MetricName[] = metricNames.filter((name) =>
  (metrics[name] as Metric).loss !== undefined
);

/** The metrics that have a gradient, for those who named another. */
export const metricsWithGradient = `the metrics that have one are ${gradientNames.join(", ")}`;

/**
 * The metric of a name; one of the user's own is itself.
 *
 * @throws {EvaluationError} if there is none; its help names the nearest.
 */
export function metricNamed(choice: MetricChoice): Metric {
  if (typeof choice !== "string") return choice;
  const name = choice;
  if (isMetricName(name)) return metrics[name];
  throw new EvaluationError(
    `unknown metric \`${name}\``,
    helpFor(name, metricNames, "the metrics are"),
  );
}

/** The metrics that have a value for every one of the examples. */
export function metricsFor(
  examples: readonly Pick<AnswerTokens, "wrong">[],
): readonly MetricName[] {
  const allWrong = examples.every(({ wrong }) => wrong.length > 0);
  return metricNames.filter((name) => allWrong || !metrics[name].needsWrong);
}

/** @throws {EvaluationError} if an example lacks what the metric needs. */
export function requireDefined(
  metric: Metric,
  examples: readonly Pick<AnswerTokens, "wrong">[],
): void {
  if (!metric.needsWrong) return;
  const without = examples.findIndex(({ wrong }) => wrong.length === 0);
  if (without < 0) return;
  throw new EvaluationError(
    `\`${metric.name}\` compares with wrong answers, and example ${without + 1} has none`,
    `${metricsFor(examples).map((name) => `\`${name}\``).join(", ")} need none`,
  );
}
