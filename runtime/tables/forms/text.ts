/** Tables as aligned columns of text. @module */
import { cutToWidth, displayWidth } from "../../../base/display_width.ts";
import { printableLine } from "../../../base/printable.ts";
import type { Cell, Table } from "../table.ts";
import type { TableForm, TextOptions } from "./form.ts";

export const text: TableForm = {
  name: "table",
  of: "table",
  endings: [".txt"],
  about: "aligned columns, with notes",
  holdsNotes: true,
  write: renderText,
};

/** A table as aligned columns under a header. Text beyond the width is cut, and the last line counts the hidden rows. */
export function renderText(table: Table, { width = Infinity, header }: TextOptions = {}): string {
  const cells = table.columns.map((_, c) => textColumn(table.rows.map((row) => row[c])));
  const wanted = table.columns.map((name, c) =>
    cells[c].reduce(
      (most, text) => Math.max(most, displayWidth(text)),
      displayWidth(printableLine(name)),
    )
  );
  const widths = fit(wanted, width);
  const numeric = table.columns.map((_, c) =>
    table.rows.length > 0 &&
    table.rows.every((row) => row[c] === null || /^(number|bigint)$/.test(typeof row[c]))
  );
  const line = (texts: readonly string[]) =>
    widths.map((size, c) => {
      const text = cutToWidth(texts[c], size);
      const space = " ".repeat(size - displayWidth(text));
      return numeric[c] ? space + text : text + space;
    }).join("  ").trimEnd();

  const lines = [
    (header ?? ((text: string) => text))(line(table.columns.map((name) => printableLine(name)))),
    ...table.rows.map((_, r) => line(cells.map((column) => column[r]))),
    ...[...hidden(table, widths.length), ...(table.notes ?? [])].map((note) =>
      cutToWidth(printableLine(note), width)
    ),
  ];
  return lines.join("\n") + "\n";
}

/** Widths that fit: from the left as many columns as there is room for, the last one cut if at least 8 are left. */
function fit(wanted: readonly number[], width: number): number[] {
  const widths: number[] = [];
  let left = width;
  for (const size of wanted) {
    const room = left - (widths.length > 0 ? 2 : 0);
    if (size > room && room < 8 && widths.length > 0) break;
    widths.push(Math.min(size, Math.max(room, 1)));
    left = room - size;
    if (left <= 0) break;
  }
  return widths;
}

function hidden(table: Table, shown: number): string[] {
  const said: string[] = [];
  if (table.rows.length === 0) said.push("(no rows)");
  else if (table.total !== undefined && BigInt(table.total) > BigInt(table.rows.length)) {
    said.push(`(${group(table.rows.length)} of ${group(table.total)} shown)`);
  }
  const more = table.columns.slice(shown);
  if (more.length) said.push(`(${more.length} more columns: ${more.join(", ")})`);
  return said;
}

function group(count: number | bigint): string {
  return count.toLocaleString("en-US");
}

/** Cells of a column as text; fractions with as many decimals as the column needs, four significant at most. */
function textColumn(cells: readonly Cell[]): string[] {
  const numbers = cells.filter((cell): cell is number => typeof cell === "number");
  const fractions = numbers.some((value) => !Number.isInteger(value));
  if (!fractions) return cells.map(plain);
  const usual = numbers.every((value) =>
    value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e6)
  );
  const decimals = numbers.reduce((most, value) => Math.max(most, decimalsOf(value)), 0);
  return cells.map((cell) => {
    if (typeof cell !== "number") return plain(cell);
    return usual ? cell.toFixed(decimals) : String(Number(cell.toPrecision(4)));
  });
}

/** Decimals that show a value's first four significant digits, without zeros at the end, at most 4. */
function decimalsOf(value: number): number {
  const [, decimals = ""] = value.toFixed(4).replace(/0+$/, "").split(".");
  return decimals.length;
}

function plain(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "bigint") return group(cell);
  return printableLine(String(cell));
}
