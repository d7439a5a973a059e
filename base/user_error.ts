/** Errors about input: a sentence that its author reads, and what to do instead. @module */

/**
 * An error about something that a user wrote or gave: a script, an option, a file. Every class of errors of this package
 * that is about input extends it.
 *
 * @example
 * ```ts
 * try {
 *   await openModel("models/none");
 * } catch (error) {
 *   if (!(error instanceof UserError)) throw error;
 *   console.log(`error: ${error.message}\nhelp: ${error.help}`);
 * }
 * ```
 */
export class UserError extends Error {
  /** Name of the class. */
  override readonly name: string = "UserError";
  /** The names that exist, the values that are allowed or a remedy, one sentence; or empty. */
  readonly help: string;

  /** Makes an error from a sentence that shows the values involved, and a line of help. */
  constructor(message: string, help = "") {
    super(message);
    this.help = help;
  }
}
