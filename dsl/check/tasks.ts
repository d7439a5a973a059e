/**
 * Checks of tasks.
 *
 * @module
 */
import { SPLITS } from "../../runtime/tasks/definition.ts";
import type { AnswerField, TaskDeclaration, VaryField } from "../syntax/tree.ts";
import { type Checker, declare, error, inside, oneOf, warn } from "./checker.ts";
import { all, first, once } from "./fields.ts";
import { metric } from "./metrics.ts";
import { notEmpty } from "./queries.ts";
import { lookUp, type Symbol, symbolOf } from "./symbols.ts";
import { dataFields, fileOnly, generator, onlyTemplates } from "./task_sources.ts";
import { number } from "./values.ts";
import { template, valuesOf, variableCondition } from "./variables.ts";

const EVERYTHING = { names: new Set<string>(), all: true };

export function task(c: Checker, node: TaskDeclaration): void {
  once(c, "task", node.fields);
  // What could not be parsed may have declared variables.
  const inner = { ...inside(c), excused: node.damaged ? EVERYTHING : c.excused };
  const data = first(node.fields, "DataField");
  const generate = first(node.fields, "GenerateField");
  for (const field of all(node.fields, "VaryField")) vary(inner, field);
  const variables = inner.scope.names;
  const single = data ?? generate;
  if (single) {
    onlyTemplates(c, node, data ? "reads its prompts from a file" : "generates its prompts");
  } else if (!node.damaged) complete(c, node);
  if (data) dataFields(c, node);
  else for (const field of node.fields) fileOnly(c, field);
  if (generate) generator(c, generate);
  for (const { text } of all(node.fields, "PromptField")) {
    notEmpty(c, text, "a prompt");
    template(inner, text);
  }
  for (const field of all(node.fields, "AnswerField")) answer(inner, field);
  for (const { condition } of all(node.fields, "WhereField")) variableCondition(inner, condition);
  metric(c, node);
  examples(c, node);
  for (const field of all(node.fields, "ValueField")) {
    number(c, field.value, { what: "`seed`", whole: true, least: 0 });
  }
  declare(
    c,
    symbolOf(node.name, c.file, { type: "task" }, {
      doc: node.doc,
      declaration: node,
      variables,
      task: node,
    }),
  );
}

/** Variables that nothing reads, once corruptions and everything else had their chance. */
export function unusedVariables(c: Checker, task: Symbol): void {
  for (const variable of task.variables?.values() ?? []) {
    if (variable.uses > 0 || task.task?.damaged) continue;
    warn(
      c,
      variable.span,
      `\`${variable.name}\` varies, but no prompt or answer uses it`,
      `write \`{${variable.name}}\` in a prompt, or remove it`,
    );
  }
}

function vary(c: Checker, field: VaryField): void {
  const { names, values } = field;
  const found = valuesOf(c, values, names);
  if (found !== undefined && found < names.length) {
    const one = found === 1 ? "there is only 1 value" : `there are only ${found} values`;
    error(c, values.span, `${names.length} variables take different values, and ${one}`);
  }
  for (const name of names) {
    declare(c, symbolOf(name, c.file, { type: "text" }, { inner: "variable" }));
  }
}

function answer(c: Checker, field: AnswerField): void {
  const { each, where, texts } = field;
  let within = c;
  if (each) {
    valuesOf(c, each.values, [each.variable]);
    within = inside(c);
    if (lookUp(c.scope, each.variable.text)?.inner === "variable") {
      error(
        c,
        each.variable.span,
        `\`${each.variable.text}\` is already a variable of the task`,
        "choose another name",
      );
    }
    declare(within, symbolOf(each.variable, c.file, { type: "text" }, { inner: "answer" }));
    if (each.where) variableCondition(within, each.where);
  }
  if (where) variableCondition(within, where);
  let uses = false;
  for (const text of texts) {
    if (text.value === "") error(c, text.span, "an answer cannot be empty");
    if (template(within, text).has(each?.variable.text ?? "")) uses = true;
  }
  if (each && !uses) {
    error(
      c,
      each.variable.span,
      `\`${each.variable.text}\` is not used in the answer`,
      `write \`{${each.variable.text}}\` in it`,
    );
  }
}

function complete(c: Checker, node: TaskDeclaration): void {
  const missing = [
    all(node.fields, "PromptField").length === 0 && "prompt",
    !all(node.fields, "AnswerField").some(({ word }) => word === "answer") && "answer",
  ].filter(Boolean);
  if (missing.length === 0) return;
  error(
    c,
    node.name.span,
    `the task \`${node.name.text}\` has no ${
      missing.map((word) => `\`${word}\``).join(" and no ")
    }`,
    missing.length === 2
      ? 'a task has prompts and answers, or `data "FILE"`, or `generate NAME`'
      : undefined,
  );
}

function examples(c: Checker, node: TaskDeclaration): void {
  for (const { entries } of all(node.fields, "ExamplesField")) {
    const seen = new Set<string>();
    for (const { split, count } of entries) {
      if (oneOf(c, split, SPLITS, "split") && seen.has(split.text)) {
        error(c, split.span, `\`${split.text}\` is named twice`, "remove one of the two");
      }
      seen.add(split.text);
      number(c, count, { what: "a number of examples", whole: true, least: 0 });
    }
  }
}
