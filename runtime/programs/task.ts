/**
 * Examples for a compiled program: its inputs, paired at random, with the program's own output at the last position as
 * the answer. With inputs of all lengths that suffices to need every edge of the circuits of the programs in the tests.
 *
 * @module
 */
import type { MetricChoice } from "../metrics/mod.ts";
import { randomFrom } from "../../base/random.ts";
import {
  bySplit,
  type Example,
  metricFor,
  type Split,
  SPLITS,
  type Task,
  TaskError,
} from "../tasks/mod.ts";
import type { CompiledProgram } from "./plan.ts";
import { inputTokens } from "./exact.ts";

/** A task on the inputs of a compiled program. */
export interface ProgramTaskDefinition {
  /** Name of the task. */
  readonly name: string;
  /** The task's own metric; absent: `logit_difference` where all examples have wrong answers, else `kl`. */
  readonly metric?: MetricChoice;
  /** Number of examples of every split. */
  readonly examples: Readonly<Record<Split, number>>;
  /** Seed of the draw. */
  readonly seed: number;
  /** Name that the draw is seeded by, with the seed; default: the program's. */
  readonly drawnAs?: string;
}

/** Name of the corruption: another input of the same length. */
export const PROGRAM_CORRUPTION = "other_input";

/**
 * A task on the program's inputs. The corrupted prompt is another input of the same length, the right answer is the
 * output's token, and wrong answers are all other outputs that the program ever gives. No input is in two splits.
 *
 * @throws {TaskError} if the program has fewer inputs than are asked for
 */
export function taskFromProgram(plan: CompiledProgram, definition: ProgramTaskDefinition): Task {
  const { inputs } = plan.domain;
  const { seed, drawnAs = plan.program.name } = definition;
  const random = randomFrom(seed, "program inputs", drawnAs);
  const ofLength = Map.groupBy(inputs.keys(), (i) => inputs[i].length);
  const examples = bySplit<Example[]>(() => []);
  let turn = 0;
  for (const clean of random.shuffle([...inputs.keys()])) {
    const others = ofLength.get(inputs[clean].length)!;
    if (others.length === 1) continue;
    const open = SPLITS.filter((split) => examples[split].length < definition.examples[split]);
    if (open.length === 0) break;
    const split = open[turn++ % open.length];
    const place = random.integer(others.length - 1);
    // The pick skips the clean input itself.
    const corrupted = others[place] === clean ? others[others.length - 1] : others[place];
    examples[split].push(pairExample(plan, clean, corrupted));
  }
  for (const split of SPLITS) {
    const [found, asked] = [examples[split].length, definition.examples[split]];
    if (found < asked) {
      throw new TaskError(
        `task ${definition.name}`,
        `the inputs of program ${plan.program.name} give ${found} ${split} examples, and ${asked} are asked for`,
        "no input is used twice: ask for fewer examples, or give the program a longer length",
      );
    }
  }
  return {
    name: definition.name,
    corruption: PROGRAM_CORRUPTION,
    metric: metricFor(definition.metric, examples),
    examples,
  };
}

function pairExample(plan: CompiledProgram, clean: number, corrupted: number): Example {
  const cleanTokens = inputTokens(plan, clean);
  const corruptedTokens = inputTokens(plan, corrupted);
  const text = (tokens: Int32Array) =>
    Array.from(tokens.subarray(1), (token) => plan.tokens[token]).join(" ");
  const answer = plan.outputs[plan.domain.offsets[clean + 1] - 1];
  return {
    clean: text(cleanTokens),
    corrupted: text(corruptedTokens),
    cleanTokens,
    corruptedTokens,
    answers: Int32Array.of(answer),
    wrong: Int32Array.from(new Set(plan.outputs)).filter((other) => other !== answer).sort(),
  };
}
