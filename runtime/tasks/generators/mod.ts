/** Tasks whose prompts a generator makes up. @module */
import type { MetricChoice } from "../../metrics/mod.ts";
import type { Tokenizer } from "../../models/mod.ts";
import { helpFor } from "../../../base/help_line.ts";
import { randomFrom } from "../../../base/random.ts";
import { dealSplits } from "../deal.ts";
import { bySplit } from "../definition.ts";
import { TaskError } from "../error.ts";
import { type PairsBySplit, taskFromPairs } from "../make.ts";
import type { Split, Task } from "../task.ts";
import type { TokeniseOptions } from "../tokenise.ts";
import { GENERATORS } from "./table.ts";
import type { GeneratedPair, Generator, GeneratorOptions } from "./generator.ts";

/** A task that a generator draws. */
export interface GeneratedDefinition {
  /** Name of the task. */
  readonly name: string;
  /** Name of the generator, such as `boolean_expressions`. */
  readonly generator: string;
  /** Options of the generator that are not at their defaults. */
  readonly options: Readonly<Record<string, string | number>>;
  /** The task's own metric; absent: `logit_difference` where all examples have wrong answers, else `kl`. */
  readonly metric?: MetricChoice;
  /** Number of examples of every split. */
  readonly examples: Readonly<Record<Split, number>>;
  /** Seed of the draw. */
  readonly seed: number;
}

/**
 * Draws a generated task's pairs; no two have the same clean prompt.
 *
 * @throws {TaskError} for an unknown generator or option, a value that is not allowed, and when the generator does not
 *   have as many different prompts
 */
export function generatePairsBy(definition: GeneratedDefinition): PairsBySplit {
  const place = `task ${definition.name}`;
  const generator = GENERATORS.find(({ name }) => name === definition.generator);
  if (generator === undefined) {
    throw new TaskError(
      place,
      `unknown generator \`${definition.generator}\``,
      helpFor(definition.generator, GENERATORS.map(({ name }) => name), "the generators are"),
    );
  }
  const options = withDefaults(generator, definition.options, place);
  const dealt = dealSplits(
    (asked) => differentPairs(generator, options, definition, asked),
    definition.examples,
    (found, asked) =>
      new TaskError(
        place,
        `the generator gave ${found} different prompts, and ${asked} examples are asked for`,
        "no prompt is used twice: ask for fewer examples, or allow longer prompts",
      ),
  );
  return bySplit((split) =>
    dealt[split].map((pair, i) => ({ ...pair, place: `${place}, ${split} example ${i + 1}` }))
  );
}

/**
 * A generated task, tokenised and checked.
 *
 * @throws {TaskError} if the generator or an option is unknown, a value is out of range, there are too few different
 *   prompts, or the tokenizer writes an answer as several tokens
 *
 * @example
 * ```ts
 * const { tokenizer } = await openModel("examples/models/scribe");
 * const task = await taskFromGenerator({
 *   name: "booleans",
 *   generator: "boolean_expressions",
 *   options: { form: "few_shot", shots: 2 },
 *   metric: "logit_difference",
 *   examples: { train: 20, validation: 0, test: 20 },
 *   seed: 1,
 * }, tokenizer!);
 * ```
 */
export async function taskFromGenerator(
  definition: GeneratedDefinition,
  tokenizer: Tokenizer,
  options: TokeniseOptions = {},
): Promise<Task> {
  const pairs = generatePairsBy(definition);
  const { corruption } = GENERATORS.find(({ name }) => name === definition.generator)!;
  return await taskFromPairs(
    { name: definition.name, corruption, metric: definition.metric },
    pairs,
    tokenizer,
    options,
  );
}

function* differentPairs(
  generator: Generator,
  options: GeneratorOptions,
  definition: GeneratedDefinition,
  asked: number,
): Iterable<GeneratedPair> {
  const random = randomFrom(definition.seed, "generator", generator.name);
  const seen = new Set<string>();
  const attempts = 10_000 + 20 * asked;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const pair = generator.draw(random, options);
    if (seen.has(pair.clean)) continue;
    seen.add(pair.clean);
    yield pair;
  }
}

function withDefaults(
  generator: Generator,
  given: GeneratorOptions,
  place: string,
): GeneratorOptions {
  const options: Record<string, string | number> = {};
  for (const [name, option] of Object.entries(generator.options)) {
    const value = given[name] ?? option.default;
    const allowed = option.kind === "choice"
      ? option.values.includes(String(value))
      : Number.isInteger(value) && Number(value) >= option.least && Number(value) <= option.most;
    if (!allowed) {
      const range = option.kind === "choice"
        ? `one of ${option.values.join(", ")}`
        : `a whole number from ${option.least} to ${option.most}`;
      throw new TaskError(place, `\`${name}\` must be ${range}: this is ${value}`);
    }
    options[name] = value;
  }
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(generator.options, name));
  if (unknown !== undefined) {
    throw new TaskError(
      place,
      `${generator.name} has no option \`${unknown}\``,
      `there are ${Object.keys(options).join(", ")}`,
    );
  }
  return options;
}
