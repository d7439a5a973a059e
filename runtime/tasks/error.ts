/**
 * Errors about tasks, with their places.
 *
 * @module
 */
import { UserError } from "../../base/user_error.ts";

/** Parts of a definition that an error is about; they tell which field of the definition is at fault. */
export type TaskValues = Readonly<
  Partial<
    Record<"answer" | "clean" | "corrupted" | "corruption" | "prompt" | "template", string | number>
  >
>;

/** An error in the definition or the data of a task, with its place and a remedy. */
export class TaskError extends UserError {
  /** Name of the class. */
  override readonly name = "TaskError";
  /** Place of the error: `task ioi`, `task ioi, train example 3`, `pairs.jsonl:17`. */
  readonly place: string;
  /** The problem, without the place: one sentence, perhaps followed by indented lines that show the values. */
  readonly problem: string;
  /** The parts of the definition that the problem is about. */
  readonly values: TaskValues;

  /** Makes an error from its place, the problem, a remedy, and the parts of the definition that it is about. */
  constructor(place: string, problem: string, help = "", values: TaskValues = {}) {
    super(`${place}: ${problem}`, help);
    this.place = place;
    this.problem = problem;
    this.values = values;
  }
}
