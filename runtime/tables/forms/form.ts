/**
 * The contract of a form that tables are written in. The data is the same in all; only text rounds numbers, says how much it
 * hides, and is fitted to a terminal.
 *
 * @module
 */
import type { FileForm } from "../../../base/file_forms.ts";
import type { Table } from "../table.ts";

/** Options of {@linkcode renderText}. */
export interface TextOptions {
  /** Terminal columns; default: no limit. */
  readonly width?: number;
  /** Styles the header line, for example with colour; default: plain text. */
  readonly header?: (text: string) => string;
}

/** A form that tables are written in. */
export interface TableForm extends FileForm {
  readonly of: "table";
  /** True for a form that a table's notes stand in. */
  readonly holdsNotes?: boolean;
  readonly write: (table: Table, options?: TextOptions) => string;
}
