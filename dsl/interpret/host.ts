/**
 * What the interpreter needs of whoever runs it: the command, the prompt, a test.
 *
 * @module
 */

import type { Table } from "../../runtime/tables/table.ts";

/** Where a long computation is. */
export interface Progress {
  readonly label: string;
  readonly step: number;
  readonly steps: number;
  /** What is counted; `steps` unless given. */
  readonly unit?: string;
  /** What to show besides, in order: `["KL", "0.31"]`. */
  readonly values: readonly (readonly [name: string, value: string])[];
}

export interface Host {
  /** A result, and what asked for it as the script has it. */
  table(table: Table, of?: string): void;
  /** A result that is text. */
  text(text: string, of?: string): void;
  /** Something worth knowing that is no result. */
  note(text: string): void;
  progress(progress: Progress): void;
  /** The computation that `progress` told of is over. */
  progressDone(): void;
  /** Aborted when the user asks for the computation at hand to stop. Asked for anew by every computation. */
  signal(): AbortSignal;
}
