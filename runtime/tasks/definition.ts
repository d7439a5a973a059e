/** A task and its corruption as written: plain records that the language, or a library user, fills in. @module */
import { defaultMetric, type MetricChoice } from "../metrics/mod.ts";
import type { Example, Split } from "./task.ts";
import type { TaskCondition } from "./condition.ts";

/** The splits, in order. */
export const SPLITS: readonly Split[] = ["train", "validation", "test"];

/** A record by split, made split by split in their order. */
export function bySplit<T>(make: (split: Split) => T): Record<Split, T> {
  return { train: make("train"), validation: make("validation"), test: make("test") };
}

/** The metric that a task names, or that follows from its examples: from whether all have wrong answers. */
export function metricFor(
  named: MetricChoice | undefined,
  examples: Readonly<Record<Split, readonly Example[]>>,
): MetricChoice {
  const all = SPLITS.flatMap((split) => examples[split]);
  return named ?? defaultMetric(all.length > 0 && all.every(({ wrong }) => wrong.length > 0));
}

/** Contents of the columns of a data file. */
export const COLUMN_ROLES = ["clean", "corrupted", "answers", "wrong"] as const;
/** Contents of a column of a data file. */
export type Column = typeof COLUMN_ROLES[number];

/**
 * Variables that draw from one list (`vary A, B from ...`).
 *
 * - `different`: each variable takes one of `values`, no two of the group the same one.
 * - `rows`: one row is drawn and gives every variable its value at once, so that they belong together
 *   (`vary name, pronoun from [["Mary", "she"], ["John", "he"]]`).
 */
export type VariableGroup =
  | {
    readonly kind: "different";
    readonly names: readonly string[];
    readonly values: readonly string[];
  }
  | {
    readonly kind: "rows";
    readonly names: readonly string[];
    readonly rows: readonly (readonly string[])[];
  };

/** An answer, or with `each` a set of answers: `"{y}" for y in 00..99 where y > year`. */
export interface AnswerTemplate {
  /** Template over the task's variables and the variable of `each`, with the space that precedes a word: `" {A}"`. */
  readonly text: string;
  /** Makes an answer of each of these values of a variable. */
  readonly each?: { readonly variable: string; readonly values: readonly string[] };
  /** Only where this holds; without `each` it makes the answer conditional: `" he" where name in men`. */
  readonly where?: TaskCondition;
}

/** A task as written: prompts and answers as templates over variables. */
export interface TaskDefinition {
  /** Name of the task. */
  readonly name: string;
  /** Variables and the values that they are drawn from. */
  readonly groups: readonly VariableGroup[];
  /** Only combinations of values for which this holds are prompts. */
  readonly where?: TaskCondition;
  /** Templates; an example takes one of them at random. `{A}` is a variable, `{{` and `}}` are braces. */
  readonly prompts: readonly string[];
  /** Right answers. */
  readonly answers: readonly AnswerTemplate[];
  /** Wrong answers; may be empty. */
  readonly wrong: readonly AnswerTemplate[];
  /** Name of the task's own metric, such as `logit_difference`, or a metric made for it. */
  readonly metric: MetricChoice;
  /** Number of examples of every split. */
  readonly examples: Readonly<Record<Split, number>>;
  /** Seed of the draw: the same seed and name give the same prompts. */
  readonly seed: number;
  /** Name that the draw is seeded by, with the seed; default: the task's. */
  readonly drawnAs?: string;
}

/** One step that turns the clean variables into the corrupted ones. */
export type Change =
  /**
   * New values for these variables; a group of `rows` changes as a whole. A new value of a `different` group is
   * none of the group's clean values, so that nothing of the clean prompt's answer remains; where the list is too
   * short for that, the value only differs from the variable's own clean value.
   */
  | { readonly kind: "redraw"; readonly variables: readonly string[] }
  /** Each of the two takes the other's value. */
  | { readonly kind: "swap"; readonly variables: readonly [string, string] }
  /** A fixed value or a template over the clean variables: `replace year with "01"`, `replace B with "{C}"`. */
  | { readonly kind: "replace"; readonly variable: string; readonly with: string };

/** A way to make the corrupted twin of a clean prompt. Answers are always judged by the clean prompt's variables. */
export interface CorruptionDefinition {
  /** Name of the corruption. */
  readonly name: string;
  /** Applied in order. */
  readonly changes: readonly Change[];
  /** Name that new values are seeded by; default: the corruption's. */
  readonly drawnAs?: string;
  /** Other templates for the corrupted prompt: one for each of the task's, or one for all. Absent: the task's own. */
  readonly prompts?: readonly string[];
  /** Must hold of the corrupted variables; `clean.NAME` is the clean value. Redraws are repeated until it does. */
  readonly where?: TaskCondition;
  /** The corrupted variables would have other right answers: redraws are repeated until that is so. */
  readonly changesAnswer?: boolean;
}

/** Default of the language's `examples`. */
export const DEFAULT_EXAMPLES: Readonly<Record<Split, number>> = {
  train: 200,
  validation: 100,
  test: 200,
};
