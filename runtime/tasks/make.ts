/** A task from its definition. @module */
import type { MetricChoice } from "../metrics/mod.ts";
import type { Tokenizer } from "../models/mod.ts";
import { answersFor } from "./answers.ts";
import { checkCorruption, checkTask } from "./check.ts";
import { corrupt } from "./corrupt.ts";
import {
  bySplit,
  type CorruptionDefinition,
  metricFor,
  SPLITS,
  type TaskDefinition,
} from "./definition.ts";
import { drawClean } from "./draw.ts";
import { TaskError } from "./error.ts";
import type { TextPair } from "./pair.ts";
import type { Example, Split, Task } from "./task.ts";
import { pairTokeniser, type TokeniseOptions } from "./tokenise.ts";

export type PairsBySplit = Readonly<Record<Split, readonly TextPair[]>>;

/**
 * Draws a task's prompts and their twins. The clean prompts depend on the task's definition and seed only, so two
 * corruptions of one task, and a task tokenised for two models, have the same clean prompts.
 *
 * @throws {TaskError} for a definition that does not hold together, too few combinations, or a corruption that cannot be made
 */
export function generatePairs(
  task: TaskDefinition,
  corruption: CorruptionDefinition,
): PairsBySplit {
  checkTask(task);
  checkCorruption(task, corruption);
  const clean = drawClean(task);
  return bySplit((split) =>
    clean[split].map((draw, i): TextPair => {
      const place = `task ${task.name}, ${split} example ${i + 1}`;
      return {
        place,
        clean: draw.text,
        corrupted: corrupt(task, corruption, draw),
        answers: answersFor(task.answers, draw.values, place),
        wrong: answersFor(task.wrong, draw.values, place),
      };
    })
  );
}

/**
 * Makes a task from templates: draws its prompts and their corrupted twins, turns them into tokens and checks them.
 *
 * @throws {TaskError} if the definition or the corruption makes no sense, there are too few combinations of values, a prompt
 *   and its twin differ in their number of tokens, an answer is several tokens, or a prompt is longer than the context
 *
 * @example
 * ```ts
 * const { tokenizer, architecture } = await openModel("examples/models/toy");
 * const names = (await Deno.readTextFile("examples/toy/names.txt")).trim().split("\n");
 * const task = await makeTask(
 *   {
 *     name: "indirect_object",
 *     groups: [{ kind: "different", names: ["A", "B", "C"], values: names }],
 *     prompts: ["When {A} and {B} went to the bakery, {B} gave a coin to"],
 *     answers: [{ text: " {A}" }],
 *     wrong: [{ text: " {B}" }],
 *     metric: "logit_difference",
 *     examples: { train: 8, validation: 0, test: 8 },
 *     seed: 1,
 *   },
 *   {
 *     name: "strangers",
 *     changes: [{ kind: "redraw", variables: ["A", "B", "C"] }],
 *     prompts: ["When {A} and {B} went to the bakery, {C} gave a coin to"],
 *   },
 *   tokenizer!,
 *   architecture,
 * );
 * task.examples.train[0].cleanTokens; // Int32Array [tokens]
 * ```
 */
export async function makeTask(
  definition: TaskDefinition,
  corruption: CorruptionDefinition,
  tokenizer: Tokenizer,
  options: TokeniseOptions = {},
): Promise<Task> {
  return await taskFromPairs(
    { name: definition.name, corruption: corruption.name, metric: definition.metric },
    generatePairs(definition, corruption),
    tokenizer,
    options,
  );
}

/** A task from pairs of text, wherever they come from. */
export async function taskFromPairs(
  about: { readonly name: string; readonly corruption: string; readonly metric?: MetricChoice },
  pairs: PairsBySplit,
  tokenizer: Tokenizer,
  options: TokeniseOptions = {},
): Promise<Task> {
  const tokeniser = pairTokeniser(tokenizer, options);
  const examples = bySplit<Example[]>(() => []);
  for (const split of SPLITS) {
    for await (const example of tokeniser.examples(pairs[split])) {
      if (example instanceof TaskError) throw example;
      examples[split].push(example);
    }
  }
  return {
    ...about,
    metric: metricFor(about.metric, examples),
    examples,
    notes: tokeniser.notes(),
  };
}
