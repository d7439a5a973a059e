/**
 * The error of everything that is done with circuits: a sentence, and where it helps, what to do instead.
 *
 * @module
 */

/**
 * An error about a circuit, a component's name or a circuit's file. `message` is one sentence that shows the values involved.
 * Callers with a position in a script turn it and `help` into a diagnostic.
 */
export class CircuitError extends Error {
  /** The names that exist or the values that are allowed, one sentence. */
  readonly help?: string;

  /** Makes an error from its message and a line of help. */
  constructor(message: string, help?: string) {
    super(message);
    this.name = "CircuitError";
    if (help !== undefined) this.help = help;
  }
}
