/**
 * Errors of a script that runs, with their places in the text.
 *
 * @module
 */
import type { Diagnostic } from "../text/diagnostics.ts";
import { CircuitError } from "../../runtime/universe/errors.ts";
import { DiscoveryError } from "../../runtime/discovery/error.ts";
import { EvaluationError } from "../../runtime/metrics/metric.ts";
import { ModelError } from "../../runtime/models/errors.ts";
import { ProgramError } from "../../runtime/programs/mod.ts";
import { TaskError } from "../../runtime/tasks/error.ts";
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
  const words = wordsOf(error);
  if (words === null) return error;
  return new ScriptError(
    {
      file,
      span,
      severity: "error",
      message: words.message,
      ...(words.help ? { help: words.help } : {}),
    },
    { cause: error },
  );
}

/** Errors that the runtime raises on purpose, as a sentence and a help line; null for all others. */
function wordsOf(error: unknown): { message: string; help?: string } | null {
  if (error instanceof TaskError) {
    return { message: `${error.place}: ${error.problem}`, help: error.help };
  }
  if (error instanceof ProgramError) return { message: error.problem };
  if (error instanceof CircuitError) return { message: error.message, help: error.help };
  if (error instanceof EvaluationError) return { message: error.message, help: error.help };
  if (error instanceof ModelError || error instanceof DiscoveryError) {
    return { message: error.message };
  }
  // std's form, for values that a library user would have given.
  if (error instanceof RangeError && error.message.startsWith("Cannot ")) {
    return { message: error.message };
  }
  return null;
}
