/**
 * The command line by which a small model is trained: `[--out FOLDER] [--seed N] [--steps N] [--threads N]`.
 *
 * @module
 */
import { parseArgs } from "node:util";
import type { Course } from "./course.ts";
import { evaluate, type Score } from "./evaluate.ts";
import { roundToFloat16, writeFolder } from "./folder.ts";
import type { Batch, Sizes } from "./model.ts";
import type { Recipe } from "./optimiser.ts";
import { makeTokenizer } from "./tokenizer.ts";
import { train } from "./training.ts";

/** Everything that decides what a trained model is, but for the seed. */
export interface Plan<Task extends string> {
  readonly course: Course<Task>;
  readonly sizes: Omit<Sizes, "vocabulary">;
  readonly batch: Batch;
  readonly recipe: Recipe;
  /** Held-out prompts of each task. */
  readonly heldOut: number;
  /** Least scores of a trained model on them. */
  readonly promises: Readonly<Record<Task, Partial<Score>>>;
}

/**
 * Trains by the plan, judges the model on held-out prompts, and writes its folder when all is done. Status 1, and
 * nothing written, if the model falls short of what is promised; status 2 when an option is wrong.
 *
 * @param folder where the model goes unless `--out` says otherwise
 */
export async function trainCommand<Task extends string>(
  plan: Plan<Task>,
  folder: string,
): Promise<number> {
  try {
    return await trainByPlan(plan, folder);
  } catch (error) {
    if (!isWrongOption(error)) throw error;
    console.error((error as Error).message);
    return 2;
  }
}

async function trainByPlan<Task extends string>(plan: Plan<Task>, folder: string): Promise<number> {
  const { values } = parseArgs({
    options: {
      out: { type: "string", default: folder },
      seed: { type: "string", default: "1" },
      steps: { type: "string", default: String(plan.recipe.steps) },
      threads: { type: "string" },
    },
  });
  const seed = wholeNumber("seed", values.seed, 0);
  const recipe = { ...plan.recipe, steps: wholeNumber("steps", values.steps, 1) };

  const { course, batch } = plan;
  const tokenizer = makeTokenizer(course, plan.sizes.contextLength);
  const sizes: Sizes = { ...plan.sizes, vocabulary: tokenizer.vocabulary };
  const padding = tokenizer.endOfText;
  const { encode } = tokenizer;
  const weights = await train({
    sizes,
    batch,
    recipe,
    course,
    encode,
    padding,
    seed,
    ...(values.threads === undefined ? {} : { threads: wholeNumber("threads", values.threads, 1) }),
    onStep: progress(recipe.steps),
  });
  roundToFloat16(weights);

  const scores = await evaluate(weights, sizes, batch, course, encode, padding, plan.heldOut);
  const missed = report(scores, plan.promises);
  if (missed.length > 0) {
    console.error(`Nothing written: ${missed.join("; ")}`);
    return 1;
  }
  await writeFolder(values.out, sizes, weights, tokenizer);
  console.error(`Wrote ${values.out}`);
  return 0;
}

/** A wrong option is the user's: a sentence and status 2, no stack trace. */
class OptionError extends Error {}

function isWrongOption(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return error instanceof OptionError ||
    typeof code === "string" && code.startsWith("ERR_PARSE_ARGS");
}

function wholeNumber(name: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < least) {
    throw new OptionError(
      `Cannot use --${name} as it must be a whole number from ${least}: current value is ${text}`,
    );
  }
  return number;
}

/** A line on stderr now and then: step, mean loss since the last line, time left. */
function progress(steps: number): (step: number, loss: number) => void {
  const every = 100;
  const started = performance.now();
  let sum = 0;
  return (step, loss) => {
    sum += loss;
    const done = step + 1;
    if (done % every !== 0) return;
    const left = (performance.now() - started) / done * (steps - done) / 1000;
    console.error(
      `step ${done}/${steps}  loss ${(sum / every).toFixed(4)}  ${left.toFixed(0)} s left`,
    );
    sum = 0;
  };
}

/** Prints the scores and returns what is short of its promise. */
function report<Task extends string>(
  scores: Record<Task, Score>,
  promises: Plan<Task>["promises"],
): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const missed: string[] = [];
  for (const [task, score] of Object.entries(scores) as [Task, Score][]) {
    console.log(
      `${task}: accuracy ${percent(score.accuracy)}, probability of right answers ${
        percent(score.probability)
      }`,
    );
    for (const [name, least] of Object.entries(promises[task]) as [keyof Score, number][]) {
      if (score[name] < least) {
        missed.push(`${task} must have ${name} ${percent(least)}, and has ${percent(score[name])}`);
      }
    }
  }
  return missed;
}
