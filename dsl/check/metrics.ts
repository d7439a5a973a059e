/** Checks of metrics: what a task names as its own or makes itself, and what can be measured on a task. @module */
import {
  type AnswerExpression,
  type AnswerOperator,
  defaultMetric,
  expressionMetric,
  isMetricName,
  type MetricChoice,
  type MetricName,
  metrics,
  operators,
  REDUCTIONS,
  speaksOfNothing,
  TOKEN_SETS,
  TOKEN_VALUES,
} from "../../runtime/metrics/mod.ts";
import type { Expression, Name, TaskDeclaration } from "../syntax/tree.ts";
import { CIRCUIT_METRICS, TASK_METRICS } from "../reference/measures.ts";
import { type Checker, oneOf } from "./checker.ts";
import { all, first } from "./fields.ts";
import type { Symbol } from "./symbols.ts";

/**
 * The metric that the task names as its own, or that follows from its answers; undefined where only the examples of its file
 * or generator can tell.
 */
export function metric(c: Checker, node: TaskDeclaration): MetricChoice | undefined {
  const field = first(node.fields, "MetricField");
  const usual = usualMetric(node);
  if (!field) return usual;
  const { value } = field;
  const without = lacksWrong(node);
  if (value.kind !== "Path") {
    const sets = new Set<string>();
    const expression = metricExpression(c, value, sets);
    if (!expression) return usual;
    if (sets.size === 0) {
      c.error(value, speaksOfNothing);
    } else if (without && sets.has("wrong")) {
      c.error(value, "the metric speaks of `wrong`, and the task has no `wrong` answers");
    }
    return sets.size === 0 ? usual : expressionMetric(expression);
  }
  if (CIRCUIT_METRICS.some(({ word }) => word === value.text)) {
    c.error(
      value,
      `\`${value.text}\` measures circuits, and a task's metric measures answers`,
      `the metrics of tasks are ${TASK_METRICS.map(({ word }) => word).join(", ")}`,
    );
    return usual;
  }
  if (!oneOf(c, value, TASK_METRICS.map(({ word }) => word), "metric")) return usual;
  if (without && metrics[value.text as MetricName].needsWrong) {
    c.error(value, `\`${value.text}\` compares with wrong answers, and the task has no \`wrong\``);
  }
  return value.text;
}

const hasWrong = ({ fields }: TaskDeclaration): boolean =>
  all(fields, "AnswerField").some(({ word }) => word === "wrong");

/** True for a task that is known to have no wrong answers: files and generators may bring some. */
const lacksWrong = (node: TaskDeclaration): boolean =>
  !node.damaged && !hasWrong(node) &&
  !first(node.fields, "DataField") && !first(node.fields, "GenerateField");

const usualMetric = (node: TaskDeclaration): MetricName | undefined =>
  first(node.fields, "DataField") || first(node.fields, "GenerateField")
    ? undefined
    : defaultMetric(hasWrong(node));

/** The metric that a task has as its own; undefined for an expression, a name that is none, and what only examples tell. */
export function metricOfTask(node: TaskDeclaration): MetricName | undefined {
  const value = first(node.fields, "MetricField")?.value;
  if (value === undefined) return usualMetric(node);
  return value.kind === "Path" && isMetricName(value.text) ? value.text : undefined;
}

/** Reports a metric that needs wrong answers, where a task has none. */
export function measurable(
  c: Checker,
  name: Name,
  tasks: readonly (Symbol | undefined)[],
): void {
  if (!isMetricName(name.text) || !metrics[name.text].needsWrong) return;
  const without = tasks.find((task) => task?.task && lacksWrong(task.task));
  if (!without) return;
  c.error(
    name,
    `\`${name.text}\` compares with wrong answers, and \`${without.name}\` has no \`wrong\``,
  );
}

/**
 * A metric of the user's own: numbers made of `mean(logit(answers))` and the like. Adds the sets that it reads to `sets`.
 *
 * @returns undefined where it is none, which was reported
 */
function metricExpression(
  c: Checker,
  node: Expression,
  sets: Set<string>,
): AnswerExpression | undefined {
  switch (node.kind) {
    case "NumberLiteral":
      return { kind: "number", value: node.value };
    case "GroupExpression":
      return metricExpression(c, node.inner, sets);
    case "UnaryExpression": {
      if (node.operator === "not") break;
      const operand = metricExpression(c, node.operand, sets);
      return operand && { kind: "negative", operand };
    }
    case "BinaryExpression": {
      if (!Object.hasOwn(operators, node.operator)) break;
      const operator = node.operator as AnswerOperator;
      const left = metricExpression(c, node.left, sets);
      const right = metricExpression(c, node.right, sets);
      return left && right && { kind: "binary", operator, left, right };
    }
    case "CallExpression": {
      const { callee, arguments: [item, ...more] } = node;
      if (!oneOf(c, callee, REDUCTIONS, "metric function")) return undefined;
      if (item?.kind !== "CallExpression" || more.length > 0) break;
      if (!oneOf(c, item.callee, TOKEN_VALUES, "answer function")) return undefined;
      const [tokens, ...others] = item.arguments;
      if (tokens?.kind !== "Path" || others.length > 0) break;
      const { text } = tokens;
      sets.add(text);
      if (!oneOf(c, tokens, TOKEN_SETS, "token set")) return undefined;
      const [reduce, value] = [callee.text, item.callee.text];
      return { kind: "over", reduce, value, set: text } as AnswerExpression;
    }
  }
  c.error(
    node,
    "a metric is a name or an expression over `answers` and `wrong`",
    "for instance `mean(logit(answers)) - max(logit(wrong))`",
  );
  return undefined;
}
