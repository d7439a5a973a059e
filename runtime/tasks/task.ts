/** A task: prompts with twins, and what counts as a right answer. @module */
import type { MetricChoice } from "../metrics/mod.ts";

/** One clean prompt, its corrupted twin of equal token length, and the tokens that its answer is judged by. */
export interface Example {
  /** The clean prompt. */
  readonly clean: string;
  /** The corrupted prompt. */
  readonly corrupted: string;
  /** Token ids of the clean prompt, [tokens]. */
  readonly cleanTokens: Int32Array;
  /** Token ids of the corrupted prompt, [tokens]: as many as the clean prompt has. */
  readonly corruptedTokens: Int32Array;
  /** Token ids of the right answers at the last position, [answers]; at least one. */
  readonly answers: Int32Array;
  /** Token ids of the wrong answers, [wrong answers]; may be empty. */
  readonly wrong: Int32Array;
}

/** A part of a task's examples: circuits are found on `train` and evaluated on `test`. */
export type Split = "train" | "validation" | "test";

/** Examples to find and evaluate a circuit on. */
export interface Task {
  /** Name, shown and stored with results. */
  readonly name: string;
  /** The corruption's name, shown and stored with results. */
  readonly corruption: string;
  /** Examples of every split. */
  readonly examples: Readonly<Record<Split, readonly Example[]>>;
  /** The task's own metric: a name, such as `logit_difference`, or one made for it. */
  readonly metric: MetricChoice;
  /** Remarks on the examples that are no errors, one sentence each: for the user to read. */
  readonly notes?: readonly string[];
}
