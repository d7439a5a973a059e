/** Checks of the definitions of a task and a corruption, before anything is drawn. @module */
import { TaskError } from "./error.ts";
import { variablesOfTemplate } from "./template.ts";
import { variablesOfCondition } from "./condition.ts";
import {
  type AnswerTemplate,
  type CorruptionDefinition,
  SPLITS,
  type TaskDefinition,
  type VariableGroup,
} from "./definition.ts";

/**
 * Checks the definition of a task without a corruption: names, templates, lists, counts.
 *
 * @throws {TaskError} for the first thing that is wrong
 */
export function checkTask(task: TaskDefinition): void {
  const place = `task ${task.name}`;
  const names = new Set<string>();
  for (const group of task.groups) {
    checkGroup(group, place);
    for (const name of group.names) {
      if (names.has(name)) {
        throw new TaskError(place, `the variable \`${name}\` is declared twice`);
      }
      names.add(name);
    }
  }
  if (task.prompts.length === 0) throw new TaskError(place, "there is no prompt");
  for (const prompt of task.prompts) {
    declared(variablesOfTemplate(prompt, place), names, place, prompt);
  }
  if (task.where !== undefined) declared(variablesOfCondition(task.where), names, place);
  if (task.answers.length === 0) throw new TaskError(place, "there is no answer");
  for (const answer of [...task.answers, ...task.wrong]) checkAnswer(answer, names, place);
  if (task.metric === "") throw new TaskError(place, "there is no metric");
  for (const split of SPLITS) {
    const count = task.examples[split];
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new TaskError(
        place,
        `the number of ${split} examples must be a whole number from 0: this is ${count}`,
      );
    }
  }
  if (!Number.isSafeInteger(task.seed)) {
    throw new TaskError(place, `\`seed\` must be a whole number: this is ${task.seed}`);
  }
}

/**
 * Checks a corruption against the task that it belongs to.
 *
 * @throws {TaskError} for the first thing that is wrong
 */
export function checkCorruption(task: TaskDefinition, corruption: CorruptionDefinition): void {
  const place = `corruption ${corruption.name} of ${task.name}`;
  const names = new Set(task.groups.flatMap((group) => group.names));
  if (corruption.changes.length === 0 && corruption.prompts === undefined) {
    throw new TaskError(
      place,
      "nothing is changed",
      "say what differs: `redraw A, B`, for example",
    );
  }
  for (const change of corruption.changes) {
    if (change.kind === "replace") {
      declared([change.variable, ...variablesOfTemplate(change.with, place)], names, place);
    } else {
      declared(change.variables, names, place);
      const twice = change.variables.find((name, i) => change.variables.indexOf(name) !== i);
      if (twice !== undefined) {
        throw new TaskError(place, `\`${twice}\` is named twice`);
      }
    }
  }
  const { prompts, where } = corruption;
  if (prompts !== undefined) {
    if (prompts.length !== 1 && prompts.length !== task.prompts.length) {
      throw new TaskError(
        place,
        `there are ${prompts.length} prompts where the task has ${task.prompts.length}`,
        "give one prompt for each of the task's, or one for all",
      );
    }
    for (const prompt of prompts) {
      declared(variablesOfTemplate(prompt, place), names, place, prompt);
    }
  }
  if (where !== undefined) {
    declared(variablesOfCondition(where).map((name) => name.replace(/^clean\./, "")), names, place);
  }
}

function checkGroup(group: VariableGroup, place: string): void {
  const list = group.names.join(", ");
  if (group.names.length === 0) throw new TaskError(place, "a list of values has no variable");
  if (group.kind === "rows") {
    if (group.rows.length === 0) throw new TaskError(place, `there is no row for ${list}`);
    const odd = group.rows.findIndex((row) => row.length !== group.names.length);
    if (odd >= 0) {
      throw new TaskError(
        place,
        `row ${odd + 1} has ${
          group.rows[odd].length
        } values for the ${group.names.length} variables ${list}`,
      );
    }
    repeated(group.rows.map((row) => JSON.stringify(row)), place, list);
    return;
  }
  if (group.values.length < group.names.length) {
    throw new TaskError(
      place,
      `${list} take different values, and there ${
        group.values.length === 1 ? "is" : "are"
      } only ${group.values.length}`,
    );
  }
  repeated(group.values, place, list);
}

function repeated(values: readonly string[], place: string, list: string): void {
  const seen = new Set<string>();
  for (const value of values) {
    if (seen.has(value)) {
      throw new TaskError(place, `the value ${JSON.stringify(value)} of ${list} is listed twice`);
    }
    seen.add(value);
  }
}

function checkAnswer(answer: AnswerTemplate, names: ReadonlySet<string>, place: string): void {
  const known = new Set(names);
  if (answer.each !== undefined) {
    if (names.has(answer.each.variable)) {
      throw new TaskError(
        place,
        `\`${answer.each.variable}\` is already a variable of the task`,
        "choose another name after `for`",
      );
    }
    known.add(answer.each.variable);
  }
  declared(variablesOfTemplate(answer.text, place), known, place, answer.text);
  if (answer.where !== undefined) declared(variablesOfCondition(answer.where), known, place);
}

function declared(
  used: readonly string[],
  names: ReadonlySet<string>,
  place: string,
  template?: string,
): void {
  const unknown = used.find((name) => !names.has(name));
  if (unknown === undefined) return;
  const context = template === undefined ? "" : ` in ${JSON.stringify(template)}`;
  throw new TaskError(
    place,
    `no variable is called \`${unknown}\`${context}`,
    names.size === 0 ? "the task varies nothing" : `the task varies ${[...names].join(", ")}`,
  );
}
