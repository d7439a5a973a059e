/** Checks of tasks. @module */
import { DEFAULT_EXAMPLES, SPLITS } from "../../runtime/tasks/definition.ts";
import type {
  AnswerTemplate,
  Split,
  TaskCondition,
  TaskDefinition,
  VariableGroup,
} from "../../runtime/tasks/mod.ts";
import type { AnswerField, TaskDeclaration, VaryField } from "../syntax/tree.ts";
import { type Checker, declare, declared, inside, oneOf } from "./checker.ts";
import { notEmpty, pieceOf } from "./exists.ts";
import { all, drawnAs, first, lacks, once, unrepeated, withWord } from "./fields.ts";
import { metric } from "./metrics.ts";
import { lookUp, type Symbol } from "./symbols.ts";
import type { Open, StatementOf, TaskBasics } from "./program.ts";
import { dataFields, fileOnly, generator, onlyTemplates } from "./task_sources.ts";
import { number } from "./values.ts";
import { template, valuesFor, variableCondition } from "./variables.ts";

const EVERYTHING = { names: new Set<string>(), all: true };

export function task(c: Checker, node: TaskDeclaration): StatementOf<"task"> {
  once(c, "task", node.fields);
  // What could not be parsed may have declared variables.
  const inner = inside(c, [], node.damaged ? EVERYTHING : c.excused);
  const data = first(node.fields, "DataField");
  const generate = first(node.fields, "GenerateField");
  const groups = all(node.fields, "VaryField").map((field) => vary(inner, field));
  const variables = inner.scope.names;
  const single = data ?? generate;
  if (single) {
    const isProgram = lookUp(c.scope, generate?.generator.text ?? "")?.type === "program";
    const why = data ? "reads its prompts from a file" : "generates its prompts";
    onlyTemplates(c, node, why, isProgram);
  } else if (!node.damaged) complete(c, node);
  const files = data ? dataFields(c, node) : undefined;
  if (!data) { for (const field of node.fields) fileOnly(c, field); }
  const made = generate && generator(c, generate);
  const prompts = all(node.fields, "PromptField").map(({ text }) => {
    notEmpty(c, text, "a prompt");
    template(inner, text);
    return pieceOf(text);
  });
  const answers: Record<AnswerField["word"], Open<AnswerTemplate>[]> = { answer: [], wrong: [] };
  for (const field of all(node.fields, "AnswerField")) {
    answers[field.word].push(...answer(inner, field));
  }
  const where = allOf(
    all(node.fields, "WhereField").map(({ condition }) => variableCondition(inner, condition)),
  );
  const own = metric(c, node);
  const counts = examples(c, node);
  const [seed = 0] = all(node.fields, "ValueField").map(({ value }) =>
    number(c, value, { what: "`seed`", whole: true, least: 0 })
  );
  const symbol = declared(c, node, { type: "task" }, { variables, task: node });
  const basics: Open<TaskBasics> & object = {
    name: node.name.text,
    ...(own && { metric: own }),
    examples: { ...DEFAULT_EXAMPLES, ...counts },
    seed,
    ...drawnAs(c, node.fields),
  };
  const definition: Open<TaskDefinition> = {
    ...basics,
    metric: own ?? "kl",
    groups,
    ...(where && { where }),
    prompts: prompts.map(({ text }) => text),
    answers: answers.answer,
    wrong: answers.wrong,
  };
  const answerField = first(node.fields, "AnswerField");
  return {
    kind: "task",
    symbol,
    source: files
      ? { kind: "data", definition: { ...basics, ...files, examples: counts } }
      : made === undefined
      ? { kind: "templates", definition }
      : "program" in made
      ? { kind: "program", program: made.program, definition: basics }
      : { kind: "generator", definition: { ...basics, ...made } },
    places: {
      name: node.name.span,
      ...(answerField && { answer: answerField.span }),
      prompts,
      ...(single && { source: single.span }),
    },
  };
}

/** The condition that holds where all of them do. */
export function allOf(
  conditions: readonly Open<TaskCondition>[],
): Open<TaskCondition> | undefined {
  return conditions.length === 0
    ? undefined
    : conditions.reduce((left, right) => ({ kind: "and", left, right }));
}

/** Variables that nothing reads, once corruptions and everything else had their chance. */
export function unusedVariables(c: Checker, task: Symbol): void {
  for (const variable of task.variables?.values() ?? []) {
    if (variable.uses > 0 || task.task?.damaged) continue;
    c.warn(
      variable,
      `\`${variable.name}\` varies, but no prompt or answer uses it`,
      `write \`{${variable.name}}\` in a prompt, or remove it`,
    );
  }
}

function vary(c: Checker, field: VaryField): Open<VariableGroup> {
  const { names, values } = field;
  const { values: expression, count: found } = valuesFor(c, values, names);
  if (found !== undefined && found < names.length) {
    const one = found === 1 ? "there is only 1 value" : `there are only ${found} values`;
    c.error(values, `${names.length} variables take different values, and ${one}`);
  }
  for (const name of names) declare(c, name, { type: "text" }, { inner: "variable" });
  return { later: "group", expression, names: names.map(({ text }) => text) };
}

function answer(c: Checker, field: AnswerField): Open<AnswerTemplate>[] {
  const { each, where, texts } = field;
  let within = c;
  let made: Pick<Exclude<Open<AnswerTemplate>, { later: string }>, "each"> = {};
  if (each) {
    const { values } = valuesFor(c, each.values, [each.variable]);
    made = {
      each: { variable: each.variable.text, values: { later: "texts", expression: values } },
    };
    within = inside(c);
    if (lookUp(c.scope, each.variable.text)?.inner === "variable") {
      c.error(
        each.variable,
        `\`${each.variable.text}\` is already a variable of the task`,
        "choose another name",
      );
    }
    declare(within, each.variable, { type: "text" }, { inner: "answer" });
  }
  const condition = each?.where ?? where;
  const holds = condition && variableCondition(within, condition);
  let uses = false;
  for (const text of texts) {
    if (text.value === "") c.error(text, "an answer cannot be empty");
    if (template(within, text).has(each?.variable.text ?? "")) uses = true;
  }
  if (each && !uses) {
    c.error(
      each.variable,
      `\`${each.variable.text}\` is not used in the answer`,
      `write \`{${each.variable.text}}\` in it`,
    );
  }
  return texts.map(({ value }) => ({ text: value, ...made, ...(holds && { where: holds }) }));
}

function complete(c: Checker, node: TaskDeclaration): void {
  const missing = ["prompt", "answer"].filter((word) => !withWord(node.fields, word));
  const both = 'a task has prompts and answers, or `data "FILE"`, or `generate NAME`';
  lacks(c, "task", node, missing, missing.length === 2 ? both : undefined);
}

function examples(
  c: Checker,
  node: TaskDeclaration,
): Partial<Record<Split, Open<number>>> | undefined {
  const counts: Partial<Record<Split, Open<number>>> = {};
  for (const { entries } of all(node.fields, "ExamplesField")) {
    const named = unrepeated(c, undefined, "remove one of the two");
    for (const { split, count } of entries) {
      if (oneOf(c, split, SPLITS, "split")) named(split);
      const bounds = { what: "a number of examples", whole: true, least: 0 };
      counts[split.text as Split] = number(c, count, bounds);
    }
  }
  return first(node.fields, "ExamplesField") && counts;
}
