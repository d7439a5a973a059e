/** Rows of a data file of any format. @module */

/** A row: its fields by column, or what is wrong with it. */
export type Row =
  | { readonly place: string; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly place: string; readonly problem: string };

/** Result of a reader of one format: rows in file order. */
export interface RowFile {
  readonly rows: Iterable<Row>;
  /** Rows there are, when that is known before reading them; else an estimate. */
  readonly count: number;
  /** Columns, when the format names them once for all rows. */
  readonly columns?: readonly string[];
}

/** Stands for text that is not UTF-8, until the row is looked at. */
export const NOT_UTF8 = Symbol("bytes that are not UTF-8");
