/**
 * The one error that reading a model raises on purpose.
 *
 * @module
 */

/** A model that cannot be used as it is: the message says which file, tensor or setting, and why. */
export class ModelError extends Error {
  /** Name of the class. */
  override readonly name = "ModelError";
  /** The parts of the message, for callers that show it in their own form: file, tensor or configuration key at fault. */
  readonly details: {
    readonly file?: string;
    readonly tensor?: string;
    readonly key?: string;
    readonly expected?: string;
    readonly found?: string;
  };

  /** Makes an error from its message and the parts of it. */
  constructor(message: string, details: ModelError["details"] = {}) {
    super(message);
    this.details = details;
  }
}
