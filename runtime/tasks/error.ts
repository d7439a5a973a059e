/** Errors about tasks, with their places. @module */
import { UserError } from "../../base/user_error.ts";

/** An error in the definition or the data of a task, with its place and a remedy. */
export class TaskError extends UserError {
  /** Name of the class. */
  override readonly name = "TaskError";
  /** Place of the error: `task ioi`, `task ioi, train example 3`, `pairs.jsonl:17`. */
  readonly place: string;
  /** The problem, without the place: one sentence, perhaps followed by indented lines that show the values. */
  readonly problem: string;
  /** The parts of the definition that the problem is about; they tell which of its fields is at fault. */
  readonly values: {
    readonly [
      Part in "answer" | "clean" | "corrupted" | "corruption" | "prompt" | "template"
    ]?: string | number;
  };

  /** Makes an error from its place, the problem, a remedy, and the parts of the definition that it is about. */
  constructor(place: string, problem: string, help = "", values: TaskError["values"] = {}) {
    super(`${place}: ${problem}`, help);
    this.place = place;
    this.problem = problem;
    this.values = values;
  }
}
