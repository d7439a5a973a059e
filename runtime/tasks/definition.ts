/**
 * A task and its corruption as written: plain records that the language, or a library user, fills in.
 *
 * @module
 */
import type { MetricChoice } from "../metrics/metric.ts";
import type { Split } from "./task.ts";
import type { TaskCondition } from "./condition.ts";

export const SPLITS: readonly Split[] = ["train", "validation", "test"];

/** What a column of a data file holds. */
export const COLUMN_ROLES = ["clean", "corrupted", "answers", "wrong"] as const;
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
  readonly each?: { readonly variable: string; readonly values: readonly string[] };
  /** Only where this holds; without `each` it makes the answer conditional: `" he" where name in men`. */
  readonly where?: TaskCondition;
}

export interface TaskDefinition {
  readonly name: string;
  readonly groups: readonly VariableGroup[];
  /** Only combinations of values for which this holds are prompts. */
  readonly where?: TaskCondition;
  /** Templates; an example takes one of them at random. `{A}` is a variable, `{{` and `}}` are braces. */
  readonly prompts: readonly string[];
  readonly answers: readonly AnswerTemplate[];
  readonly wrong: readonly AnswerTemplate[];
  /** Name of the task's own metric, e.g. `logit_difference`. */
  readonly metric: MetricChoice;
  readonly examples: Readonly<Record<Split, number>>;
  readonly seed: number;
}

/** One step that turns the clean variables into the corrupted ones. */
export type Change =
  /**
   * New values for these variables (all of a group that stands in `rows` changes with its row). A new value of a
   * `different` group is none of the group's clean values, so that nothing of the clean prompt's answer stays behind;
   * where the list is too short for that, it only differs from the variable's own clean value.
   */
  | { readonly kind: "redraw"; readonly variables: readonly string[] }
  /** Each of the two takes the other's value. */
  | { readonly kind: "swap"; readonly variables: readonly [string, string] }
  /** A fixed value or a template over the clean variables: `replace year with "01"`, `replace B with "{C}"`. */
  | { readonly kind: "replace"; readonly variable: string; readonly with: string };

/** How the twin of a clean prompt is made. Answers are always judged by the clean prompt's variables. */
export interface CorruptionDefinition {
  readonly name: string;
  /** Applied in order. */
  readonly changes: readonly Change[];
  /** Other templates for the corrupted prompt: one for each of the task's, or one for all. Absent: the task's own. */
  readonly prompts?: readonly string[];
  /** Must hold of the corrupted variables; `clean.NAME` is the clean value. Redraws are repeated until it does. */
  readonly where?: TaskCondition;
  /** The corrupted variables would have other right answers: redraws are repeated until that is so. */
  readonly changesAnswer?: boolean;
}

/** What the language's `examples` and `seed` default to. */
export const DEFAULT_EXAMPLES: Readonly<Record<Split, number>> = {
  train: 200,
  validation: 100,
  test: 200,
};
