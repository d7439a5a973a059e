/** Draws a task's clean prompts: all different, and shared out so that no two splits have one in common. @module */
import { type Random, randomFrom } from "../../base/random.ts";
import { dealSplits } from "./deal.ts";
import { holds, type Values } from "./condition.ts";
import { SPLITS, type TaskDefinition, type VariableGroup } from "./definition.ts";
import { TaskError } from "./error.ts";
import type { Split } from "./task.ts";
import { fillTemplate } from "./template.ts";

/** A clean prompt: which template it fills, with which values. */
export interface CleanDraw {
  /** Number of the task's prompt template. */
  readonly prompt: number;
  readonly values: Values;
  readonly text: string;
}

/** Up to this many combinations are listed and shuffled; more are drawn until enough different ones are found. */
const LARGEST_LIST = 1_000_000;

/**
 * The clean prompts of each split, decided by the definition and its seed alone.
 *
 * Different prompts are drawn one after another and dealt to the splits in turn (see `dealSplits`).
 *
 * @throws {TaskError} when there are fewer different prompts than the splits ask for together
 */
export function drawClean(task: TaskDefinition): Record<Split, CleanDraw[]> {
  return dealSplits((asked) => differentPrompts(task, asked), task.examples, (found, asked) => {
    const counts = SPLITS.map((split) => `${split} ${task.examples[split]}`).join(", ");
    return new TaskError(
      `task ${task.name}`,
      `there are ${found} different prompts, and ${asked} examples are asked for (${counts})`,
      "no prompt is used twice: ask for fewer examples, or vary more",
    );
  });
}

/** The number of choices of all variables and the template; Infinity when it is beyond exact numbers. */
export function combinationCount(task: TaskDefinition): number {
  let count = task.prompts.length;
  for (const group of task.groups) count *= groupCount(group);
  return count > Number.MAX_SAFE_INTEGER ? Infinity : count;
}

function groupCount(group: VariableGroup): number {
  if (group.kind === "rows") return group.rows.length;
  return group.names.reduce((count, _, i) => count * (group.values.length - i), 1);
}

function* differentPrompts(task: TaskDefinition, asked: number): Generator<CleanDraw> {
  const place = `task ${task.name}`;
  const random = randomFrom(task.seed, "clean prompts", task.drawnAs ?? task.name);
  const seen = new Set<string>();
  for (const { prompt, values } of choices(task, asked, random)) {
    if (task.where !== undefined && !holds(task.where, values, place)) continue;
    const text = fillTemplate(task.prompts[prompt], values, place);
    if (seen.has(text)) continue;
    seen.add(text);
    yield { prompt, values, text };
  }
}

function* choices(
  task: TaskDefinition,
  asked: number,
  random: Random,
): Generator<{ prompt: number; values: Values }> {
  const count = combinationCount(task);
  if (count <= LARGEST_LIST) {
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    // Shuffled as it is read, so that only what is used costs anything.
    for (let i = 0; i < count; i++) {
      const j = i + random.integer(count - i);
      const number = order[j];
      order[j] = order[i];
      yield choiceAt(task, number);
    }
    return;
  }
  const attempts = Math.max(LARGEST_LIST, 100 * asked);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const values: Record<string, string> = {};
    const prompt = random.integer(task.prompts.length);
    for (const group of task.groups) assignGroup(group, (n) => random.integer(n), values);
    yield { prompt, values };
  }
}

/** The choice with this number: the number's digits, in the mixed base of template and variables. */
function choiceAt(task: TaskDefinition, number: number): { prompt: number; values: Values } {
  let rest = number;
  const digit = (base: number): number => {
    const value = rest % base;
    rest = Math.floor(rest / base);
    return value;
  };
  const values: Record<string, string> = {};
  const prompt = digit(task.prompts.length);
  for (const group of task.groups) assignGroup(group, digit, values);
  return { prompt, values };
}

/** Gives a group's variables their values; `pick(n)` chooses one of the n that are left. */
function assignGroup(
  group: VariableGroup,
  pick: (n: number) => number,
  values: Record<string, string>,
): void {
  if (group.kind === "rows") {
    const row = group.rows[pick(group.rows.length)];
    group.names.forEach((name, i) => values[name] = row[i]);
    return;
  }
  // The k-th value that is left, found by stepping over the positions already taken (kept ascending).
  const taken: number[] = [];
  for (const name of group.names) {
    let position = pick(group.values.length - taken.length);
    for (const other of taken) if (position >= other) position++;
    values[name] = group.values[position];
    taken.push(position);
    taken.sort((a, b) => a - b);
  }
}
