/** Tables as CSV. @module */
import type { Cell, Table } from "../table.ts";
import type { TableForm } from "./form.ts";

export const csv: TableForm = {
  name: "csv",
  of: "table",
  endings: [".csv"],
  about: "values between commas",
  write: renderCsv,
};

/** A table as CSV (RFC 4180): a header, CRLF, quotes around a cell with a quote, a comma or a line break. */
export function renderCsv({ columns, rows }: Table): string {
  const quoted = (cell: Cell) => {
    const text = cell === null ? "" : String(cell);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => row.map(quoted).join(",") + "\r\n").join("");
}
