/**
 * A task: prompts with twins, and what counts as a right answer.
 *
 * @module
 */
import type { MetricChoice } from "../metrics/metric.ts";

/** One clean prompt, its corrupted twin of equal token length, and the tokens that its answer is judged by. */
export interface Example {
  readonly clean: string;
  readonly corrupted: string;
  /** Token ids, both of the same length. */
  readonly cleanTokens: Int32Array;
  readonly corruptedTokens: Int32Array;
  /** Tokens that are right answers at the last position; at least one. */
  readonly answers: Int32Array;
  /** Tokens that are wrong answers; may be empty. */
  readonly wrong: Int32Array;
}

export type Split = "train" | "validation" | "test";

export interface Task {
  readonly name: string;
  /** The corruption's name, shown and stored with results. */
  readonly corruption: string;
  readonly examples: Readonly<Record<Split, readonly Example[]>>;
  /** The task's own metric: a name, e.g. `logit_difference`, or one made for it. */
  readonly metric: MetricChoice;
  /** What was noticed while it was made and is no error, one sentence each: for the user to read. */
  readonly notes?: readonly string[];
}
