/**
 * What every query answers: columns and rows.
 *
 * @module
 */

/** One value of a table; null where there is none. Counts of paths are exact, so they may be big integers. */
export type Cell = string | number | bigint | boolean | null;

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** How many rows there would be without a limit, where that is known and differs. */
  readonly total?: number | bigint;
  /** Sentences that belong to the answer, shown below it and never part of the data. */
  readonly notes?: readonly string[];
}
