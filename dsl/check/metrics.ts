/**
 * Checks of the metric that a task names, or makes itself.
 *
 * @module
 */
import {
  OPERATORS,
  REDUCTIONS,
  TOKEN_SETS,
  TOKEN_VALUES,
} from "../../runtime/metrics/answer_expression.ts";
import type { Expression, Name, TaskDeclaration } from "../syntax/tree.ts";
import { CIRCUIT_METRICS, TASK_METRICS } from "../reference/measures.ts";
import { type Checker, error, oneOf } from "./checker.ts";
import { all, first } from "./fields.ts";

/** Metrics that compare right answers with wrong ones. */
const NEEDS_WRONG = ["logit_difference", "probability_difference"];

export function metric(c: Checker, node: TaskDeclaration, elsewhere: boolean): void {
  const field = first(node.fields, "MetricField");
  if (!field) return;
  const { value } = field;
  const hasWrong = all(node.fields, "AnswerField").some(({ word }) => word === "wrong");
  const lacksWrong = !elsewhere && !node.damaged && !hasWrong;
  if (value.kind !== "Path") {
    const sets = new Set<string>();
    if (!metricExpression(c, value, sets)) return;
    if (sets.size === 0) {
      error(c, value.span, "a metric must speak of `answers` or `wrong`: this one never changes");
    } else if (lacksWrong && sets.has("wrong")) {
      error(c, value.span, "the metric speaks of `wrong`, and the task has no `wrong` answers");
    }
    return;
  }
  const name: Name = { kind: "Name", text: value.text, span: value.span };
  if (CIRCUIT_METRICS.some(({ word }) => word === value.text)) {
    error(
      c,
      value.span,
      `\`${value.text}\` measures circuits, and a task's metric measures answers`,
      `the metrics of tasks are ${TASK_METRICS.map(({ word }) => word).join(", ")}`,
    );
    return;
  }
  if (!oneOf(c, name, TASK_METRICS.map(({ word }) => word), "metric")) return;
  if (lacksWrong && NEEDS_WRONG.includes(value.text)) {
    error(
      c,
      value.span,
      `\`${value.text}\` compares with wrong answers, and the task has no \`wrong\``,
    );
  }
}

/**
 * A metric of the user's own: numbers made of `mean(logit(answers))` and the like. Adds the sets that it reads to `sets`.
 *
 * @returns whether it is one; what is wrong with it has been said otherwise
 */
function metricExpression(c: Checker, node: Expression, sets: Set<string>): boolean {
  switch (node.kind) {
    case "NumberLiteral":
      return true;
    case "GroupExpression":
      return metricExpression(c, node.inner, sets);
    case "UnaryExpression":
      if (node.operator === "not") break;
      return metricExpression(c, node.operand, sets);
    case "BinaryExpression":
      if ((OPERATORS as readonly string[]).includes(node.operator)) {
        const left = metricExpression(c, node.left, sets);
        return metricExpression(c, node.right, sets) && left;
      }
      break;
    case "CallExpression": {
      const { callee, arguments: [item, ...more] } = node;
      if (!oneOf(c, callee, REDUCTIONS, "metric function")) return false;
      if (item?.kind !== "CallExpression" || more.length > 0) break;
      if (!oneOf(c, item.callee, TOKEN_VALUES, "answer function")) return false;
      const [set, ...others] = item.arguments;
      if (set?.kind !== "Path" || others.length > 0) break;
      sets.add(set.text);
      return oneOf(c, { kind: "Name", text: set.text, span: set.span }, TOKEN_SETS, "token set");
    }
  }
  error(
    c,
    node.span,
    "a metric is a name or an expression over `answers` and `wrong`",
    "for instance `mean(logit(answers)) - max(logit(wrong))`",
  );
  return false;
}
