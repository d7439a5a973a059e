/** Makes a clean prompt's twin. @module */
import { type Random, randomFrom } from "../../base/random.ts";
import { answersFor } from "./answers.ts";
import { holds, type Values } from "./condition.ts";
import type { Change, CorruptionDefinition, TaskDefinition, VariableGroup } from "./definition.ts";
import type { CleanDraw } from "./draw.ts";
import { TaskError } from "./error.ts";
import { fillTemplate } from "./template.ts";

const ATTEMPTS = 1000;

/**
 * The corrupted prompt. It depends on the seed, the name that the corruption is drawn as and the clean prompt only, not on the other examples.
 *
 * @throws {TaskError} when the lists are too short to redraw from, when the corruption's condition cannot be met, and
 *   when the prompt stays as it was
 */
export function corrupt(
  task: TaskDefinition,
  corruption: CorruptionDefinition,
  clean: CleanDraw,
): string {
  const place = `corruption ${corruption.name} of ${task.name}`;
  const { name, drawnAs = name } = corruption;
  const random = randomFrom(task.seed, "corruption", drawnAs, clean.text);
  const template = corruption.prompts === undefined
    ? task.prompts[clean.prompt]
    : corruption.prompts[corruption.prompts.length === 1 ? 0 : clean.prompt];
  const cleanAnswers = corruption.changesAnswer ? answerKey(task, clean.values, place) : "";
  const drawsAgain = corruption.changes.some((change) => change.kind === "redraw");

  let refusal = "";
  for (let attempt = 0; attempt < (drawsAgain ? ATTEMPTS : 1); attempt++) {
    const values = corruption.changes.reduce(
      (current, change) => applyChange(change, current, clean.values, task.groups, random, place),
      clean.values,
    );
    const text = fillTemplate(template, values, place);
    if (text === clean.text) {
      refusal = "leaves the prompt as it is";
    } else if (
      corruption.where !== undefined &&
      !holds(corruption.where, withClean(values, clean.values), place)
    ) {
      refusal = "does not meet its own condition";
    } else if (corruption.changesAnswer && answerKey(task, values, place) === cleanAnswers) {
      refusal = "does not change the answer";
    } else {
      return text;
    }
  }
  throw new TaskError(place, `${refusal}: ${JSON.stringify(clean.text)}`, undefined, {
    clean: clean.text,
    corruption: corruption.name,
  });
}

function applyChange(
  change: Change,
  values: Values,
  clean: Values,
  groups: readonly VariableGroup[],
  random: Random,
  place: string,
): Values {
  switch (change.kind) {
    case "replace":
      return { ...values, [change.variable]: fillTemplate(change.with, clean, place) };
    case "swap": {
      const [a, b] = change.variables;
      return { ...values, [a]: values[b], [b]: values[a] };
    }
    case "redraw": {
      const next = { ...values };
      for (const group of groups) {
        const redrawn = group.names.filter((name) => change.variables.includes(name));
        if (redrawn.length === 0) continue;
        Object.assign(
          next,
          group.kind === "rows"
            ? redrawRow(group.names, group.rows, redrawn, clean, random, place)
            : redrawDifferent(group.names, group.values, redrawn, values, clean, random, place),
        );
      }
      return next;
    }
  }
}

/** Another row, in which every redrawn variable has another value. */
function redrawRow(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  redrawn: readonly string[],
  clean: Values,
  random: Random,
  place: string,
): Values {
  const others = rows.filter((row) =>
    names.every((name, i) => !redrawn.includes(name) || row[i] !== clean[name])
  );
  if (others.length === 0) {
    throw new TaskError(place, `no row differs from the clean one in ${redrawn.join(", ")}`);
  }
  const row = random.choose(others);
  return Object.fromEntries(names.map((name, i) => [name, row[i]]));
}

/** New values that are pairwise different, differ from what is kept, and if the list allows occur nowhere in the clean group. */
function redrawDifferent(
  names: readonly string[],
  list: readonly string[],
  redrawn: readonly string[],
  values: Values,
  clean: Values,
  random: Random,
  place: string,
): Values {
  const kept = new Set(names.filter((name) => !redrawn.includes(name)).map((name) => values[name]));
  const cleanValues = new Set(names.map((name) => clean[name]));
  const fresh = list.filter((value) => !cleanValues.has(value) && !kept.has(value));
  if (fresh.length >= redrawn.length) {
    return Object.fromEntries(redrawn.map((name) => {
      const position = random.integer(fresh.length);
      return [name, fresh.splice(position, 1)[0]];
    }));
  }
  // Too few fresh values: a derangement, in which each differs from its own clean value.
  const free = list.filter((value) => !kept.has(value));
  for (let attempt = 0; attempt < ATTEMPTS && free.length >= redrawn.length; attempt++) {
    random.shuffle(free);
    if (redrawn.every((name, i) => free[i] !== clean[name])) {
      return Object.fromEntries(redrawn.map((name, i) => [name, free[i]]));
    }
  }
  throw new TaskError(
    place,
    `${list.length} values are too few to redraw ${redrawn.join(", ")} with other ones`,
  );
}

function withClean(values: Values, clean: Values): Values {
  const named = Object.entries(clean).map(([name, value]) => [`clean.${name}`, value]);
  return { ...values, ...Object.fromEntries(named) };
}

function answerKey(task: TaskDefinition, values: Values, place: string): string {
  return JSON.stringify(answersFor(task.answers, values, place).sort());
}
