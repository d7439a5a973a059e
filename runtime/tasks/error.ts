/**
 * Errors about tasks, with their places.
 *
 * @module
 */

import { UserError } from "../../base/user_error.ts";

/** An error in the definition or the data of a task, with its place, the values involved and a remedy. */
export class TaskError extends UserError {
  /** Name of the class. */
  override readonly name = "TaskError";
  /** Place of the error: `task ioi`, `task ioi, train example 3`, `pairs.jsonl:17`. */
  readonly place: string;
  /** The problem, without the place: one sentence, perhaps followed by indented lines that show the values. */
  readonly problem: string;
  /** The values that the sentence names. */
  readonly values: Readonly<Record<string, string | number>>;

  /** Makes an error from its place, the problem, the values involved and a remedy. */
  constructor(
    place: string,
    problem: string,
    values: Readonly<Record<string, string | number>> = {},
    help = "",
  ) {
    super(`${place}: ${problem}`, help);
    this.place = place;
    this.problem = problem;
    this.values = values;
  }
}
