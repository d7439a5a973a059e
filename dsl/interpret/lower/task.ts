/**
 * A task's declaration as the runtime's definition.
 *
 * @module
 */
import {
  type AnswerTemplate,
  DEFAULT_EXAMPLES,
  type Split,
  SPLITS,
  type TaskCondition,
  type TaskDefinition,
  type VariableGroup,
} from "../../../runtime/tasks/mod.ts";
import { expressionMetric, type MetricChoice } from "../../../runtime/evaluation/mod.ts";
import { defaultMetric } from "../../../runtime/metrics/mod.ts";
import type { AnswerField, ExamplesField, TaskDeclaration, VaryField } from "../../syntax/tree.ts";
import { fail } from "../error.ts";
import type { Scope } from "../scope.ts";
import { conditionOf } from "./condition.ts";
import { metricExpression } from "./metric.ts";
import { rowsOf, seedOf, textsOf, wholeNumberOf } from "./constant.ts";
import { fieldsOf } from "./fields.ts";

/** The definition of a task that is drawn from templates. */
export async function taskDefinition(
  declaration: TaskDeclaration,
  scope: Scope,
): Promise<TaskDefinition> {
  const { all, last, value } = fieldsOf(declaration.fields);
  const answers: AnswerTemplate[] = [];
  const wrong: AnswerTemplate[] = [];
  for (const field of all("AnswerField")) {
    (field.word === "answer" ? answers : wrong).push(...await answerTemplates(field, scope));
  }
  const where = await allOf(
    all("WhereField").map(({ condition }) => conditionOf(condition, scope)),
  );
  return {
    name: declaration.name.text,
    groups: await Promise.all(all("VaryField").map((field) => groupOf(field, scope))),
    ...(where === undefined ? {} : { where }),
    prompts: all("PromptField").map(({ text }) => text.value),
    answers,
    wrong,
    metric: metricOf(declaration, scope),
    examples: examplesOf(last("ExamplesField"), scope),
    seed: seedOf(value("seed"), scope),
  };
}

/** The metric that the task names as its own, or the default one. */
export function metricOf(declaration: TaskDeclaration, scope: Scope): MetricChoice {
  const { all, last } = fieldsOf(declaration.fields);
  const value = last("MetricField")?.value;
  if (value?.kind === "Path") return value.text;
  if (value !== undefined) return expressionMetric(metricExpression(value, scope));
  return defaultMetric(all("AnswerField").some(({ word }) => word === "wrong"));
}

/** How many examples each split has. */
export function examplesOf(
  field: ExamplesField | undefined,
  scope: Scope,
): Readonly<Record<Split, number>> {
  const counts = { ...DEFAULT_EXAMPLES };
  for (const { split, count } of field?.entries ?? []) {
    const known = SPLITS.find((each) => each === split.text);
    if (known === undefined) {
      fail(scope.place(split), `\`${split.text}\` is no split`, `splits are ${SPLITS.join(", ")}`);
    }
    counts[known] = wholeNumberOf(count, scope, 0, "a number of examples");
  }
  return counts;
}

async function groupOf(field: VaryField, scope: Scope): Promise<VariableGroup> {
  const names = field.names.map(({ text }) => text);
  const rows = await rowsOf(field.values, scope);
  if (rows.every((row) => typeof row === "string")) {
    return { kind: "different", names, values: rows };
  }
  return {
    kind: "rows",
    names,
    rows: rows.map((row) => {
      const values = [row].flat();
      if (values.length === names.length) return values;
      fail(
        scope.place(field.values),
        `a row has ${values.length} values for ${names.length} variables: [${values.join(", ")}]`,
      );
    }),
  };
}

async function answerTemplates(field: AnswerField, scope: Scope): Promise<AnswerTemplate[]> {
  const { texts, each } = field;
  if (each === undefined) {
    const where = field.where === undefined ? undefined : await conditionOf(field.where, scope);
    return texts.map(({ value }) => ({ text: value, ...(where === undefined ? {} : { where }) }));
  }
  const values = await textsOf(each.values, scope);
  const where = each.where === undefined ? undefined : await conditionOf(each.where, scope);
  return texts.map(({ value }) => ({
    text: value,
    each: { variable: each.variable.text, values },
    ...(where === undefined ? {} : { where }),
  }));
}

/** Both, all, or none: conditions of several fields hold together. */
export async function allOf(
  conditions: Promise<TaskCondition>[],
): Promise<TaskCondition | undefined> {
  const [first, ...others] = await Promise.all(conditions);
  return others.reduce<TaskCondition | undefined>(
    (left, right) => left && { kind: "and", left, right },
    first,
  );
}
