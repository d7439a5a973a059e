/** Tables as JSON. @module */
import type { Cell, Table } from "../table.ts";
import type { TableForm } from "./form.ts";

export const json: TableForm = {
  name: "json",
  of: "table",
  endings: [".json"],
  about: "a list of objects",
  write: renderJson,
};

/** A table as a JSON list of objects, one a line. Big integers are written digit by digit. */
export function renderJson({ columns, rows }: Table): string {
  const object = (row: readonly Cell[]) =>
    `{${columns.map((name, c) => `${JSON.stringify(name)}:${jsonCell(row[c])}`).join(",")}}`;
  return rows.length === 0 ? "[]\n" : `[\n${rows.map(object).join(",\n")}\n]\n`;
}

function jsonCell(cell: Cell): string {
  return typeof cell === "bigint" ? String(cell) : JSON.stringify(cell);
}
