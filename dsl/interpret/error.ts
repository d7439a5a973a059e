/** Errors of a script that runs, with their places in the text. @module */
import { UserError } from "../../base/user_error.ts";
import type { Diagnostic } from "../text/diagnostics.ts";
import type { Span } from "../syntax/tree.ts";

/** An error of a script: a diagnostic of the checker, or one that only running finds. */
export class ScriptError extends Error {
  /** Name of the class. */
  override readonly name = "ScriptError";
  /** The error with its place in the text. */
  readonly diagnostic: Diagnostic;

  /** Makes an error from its diagnostic; `text` is the message in place of the diagnostic's sentence. */
  constructor(diagnostic: Diagnostic, options: ErrorOptions & { readonly text?: string } = {}) {
    super(options.text ?? diagnostic.message, options);
    this.diagnostic = diagnostic;
  }
}

/** A computation that the user stopped; what it had found is kept. */
export class StoppedError extends Error {
  override readonly name = "StoppedError";

  /** @param resumes true where `resume` continues it at a prompt */
  constructor(message: string, readonly resumes = false) {
    super(message);
  }
}

/** Place of a statement: its file, and the span that is at fault. */
export interface Place {
  readonly file: string;
  readonly span: Span;
}

/** Ends the statement with a diagnostic. */
export function fail({ file, span }: Place, message: string, help?: string): never {
  throw new ScriptError({ file, span, severity: "error", message, ...(help ? { help } : {}) });
}

/** Runs something whose errors are about what the user wrote, and gives them the place. */
export async function at<T>(place: Place, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw located(place, error);
  }
}

/** The error as a ScriptError when it is about what the user wrote; anything else unchanged. */
export function located({ file, span }: Place, error: unknown): unknown {
  if (!(error instanceof UserError)) return error;
  const { message, help } = error;
  return new ScriptError(
    { file, span, severity: "error", message, ...(help ? { help } : {}) },
    { cause: error },
  );
}
