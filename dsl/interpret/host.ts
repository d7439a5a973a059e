/** Hosts of the interpreter: the command, the prompt, a program that embeds the language. @module */

import type { Table } from "../../runtime/tables/table.ts";
import type { RunOptions } from "./script.ts";

/** Progress of a long computation. */
export type Progress = Parameters<NonNullable<RunOptions["onProgress"]>>[0];

/** The receiver of a script's results. */
export interface Host {
  /** Shows a result; `of` is the text of its statement. */
  table(table: Table, of?: string): void;
  /** Shows a result that is text. */
  text(text: string, of?: string): void;
  /** Shows a remark that is no result. */
  note(text: string): void;
  /** Shows the progress of a computation. */
  progress(progress: Progress): void;
  /** Ends the display of progress. */
  progressDone(): void;
  /** A signal that stops what runs when the user asks for it: computations between two passes, and before each statement. */
  signal(): AbortSignal;
}

/** A host that shows nothing and stops nothing. */
export const silent: Host = {
  table: () => {},
  text: () => {},
  note: () => {},
  progress: () => {},
  progressDone: () => {},
  signal: () => new AbortController().signal,
};
