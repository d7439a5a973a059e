/** Broken rows: collected, shown up to a limit, and refused together. @module */
import { TaskError } from "../error.ts";

const SHOWN = 10;

/** Collects what is wrong with a file's rows. */
export class BrokenRows {
  #count = 0;
  readonly #shown: TaskError[] = [];

  add(error: TaskError): void {
    this.#count++;
    if (this.#shown.length < SHOWN) this.#shown.push(error);
  }

  get count(): number {
    return this.#count;
  }

  /** One error for all of them; `total` is the number of rows looked at. */
  error(name: string, total: number): TaskError {
    const help = (what: string) => `correct ${what}, or let the task skip broken rows`;
    if (this.#count === 1) {
      const [only] = this.#shown;
      return new TaskError(only.place, only.problem, only.help || help("it"), only.values);
    }
    const [first, ...others] = new Set(this.#shown.map((error) => error.help));
    return new TaskError(
      name,
      `${this.#count} of ${total} rows are broken\n${this.#list()}`,
      others.length === 0 && first !== "" ? first : help("them"),
    );
  }

  /** The same for rows that were skipped. */
  note(name: string, total: number): string {
    return `${name}: ${this.#count} of ${total} rows are broken and were skipped\n${this.#list()}`;
  }

  #list(): string {
    const lines = this.#shown.map((error) =>
      `  ${error.place}: ${error.problem.replaceAll("\n", "\n  ")}`
    );
    const hidden = this.#count - this.#shown.length;
    return [...lines, ...(hidden > 0 ? [`  and ${hidden} more`] : [])].join("\n");
  }
}
