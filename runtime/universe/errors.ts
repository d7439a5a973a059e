/**
 * The error of everything that is done with circuits: a sentence, and where it helps, what to do instead.
 *
 * @module
 */

/**
 * Something about a circuit, a name or a file that cannot be done as asked. `message` is one sentence that
 * shows the values involved; `help` says what exists or what is allowed. Callers with a position in a
 * script turn the two into a diagnostic.
 */
export class CircuitError extends Error {
  readonly help?: string;

  constructor(message: string, help?: string) {
    super(message);
    this.name = "CircuitError";
    if (help !== undefined) this.help = help;
  }
}
