/** A table with a row for each of several circuits. @module */
import type { Cell, Table } from "../../../runtime/circuits/mod.ts";
import type { CircuitValue } from "../values.ts";

export type CircuitRow = Readonly<Record<string, Cell>>;

/** First cells of a circuit's row: its name, and the ablation that it is measured under. */
export function rowOf(name: string, { ablation = "interchange" }: CircuitValue) {
  return { circuit: name, ablation };
}

/** The table of some rows, with the columns of the last; the ablation is shown only where circuits have different ones. */
export function circuitTable(rows: readonly CircuitRow[]): Table {
  const ablations = new Set(rows.flatMap(({ ablation }) => ablation ?? []));
  const columns = Object.keys(rows.at(-1)!)
    .filter((column) => column !== "ablation" || ablations.size > 1);
  return { columns, rows: rows.map((row) => columns.map((column) => row[column] ?? null)) };
}
