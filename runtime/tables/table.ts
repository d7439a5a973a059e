/** The answer to a query: columns and rows. @module */

/** One value of a table; null where there is none. Counts of paths are exact, so they may be big integers. */
export type Cell = string | number | bigint | boolean | null;

/** A table of results. */
export interface Table {
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** Values, [rows][columns]. */
  readonly rows: readonly (readonly Cell[])[];
  /** Number of rows without a limit, where it is known and differs. */
  readonly total?: number | bigint;
  /** Sentences that belong to the answer, shown below it and never part of the data. */
  readonly notes?: readonly string[];
}
