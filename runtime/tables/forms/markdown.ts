/** Tables as Markdown. @module */
import { printableLine } from "../../../base/printable.ts";
import type { Cell, Table } from "../table.ts";
import type { TableForm } from "./form.ts";

export const markdown: TableForm = {
  name: "markdown",
  of: "table",
  endings: [".md"],
  about: "a Markdown table, with notes",
  holdsNotes: true,
  write: (table) =>
    [renderMarkdown(table), ...(table.notes ?? []).map((note) => `${note}\n`)].join("\n"),
};

/** A table as GitHub-flavoured Markdown; numbers are aligned to the right. */
export function renderMarkdown({ columns, rows }: Table): string {
  const escaped = (cell: Cell) =>
    cell === null
      ? ""
      : printableLine(String(cell)).replaceAll("\\", "\\\\").replaceAll("|", "\\|");
  const numeric = columns.map((_, c) =>
    rows.length > 0 && rows.every((row) => /^(number|bigint)$/.test(typeof row[c]))
  );
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(escaped)),
    line(columns.map((_, c) => numeric[c] ? "---:" : "---")),
    ...rows.map((row) => line(row.map(escaped))),
  ].join("\n") + "\n";
}
