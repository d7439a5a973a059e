/**
 * Tables as text, JSON, CSV and Markdown. The data is the same in all; only text rounds numbers, names what
 * it hides, and prints notes.
 *
 * @module
 */
import type { Cell, Table } from "./table.ts";
import { cutToWidth, displayWidth } from "../../base/display_width.ts";

/** The forms that a table prints in. */
export const tableForms = {
  table: (table: Table, options?: TextOptions) => renderText(table, options),
  json: (table: Table) => renderJson(table),
  csv: (table: Table) => renderCsv(table),
  markdown: (table: Table) => renderMarkdown(table),
} as const;

export type TableForm = keyof typeof tableForms;

export interface TextOptions {
  /** Terminal columns; no limit when left out. */
  readonly width?: number;
  /** Styles the header line, e.g. with colour; the text is plain when left out. */
  readonly header?: (text: string) => string;
}

/** Aligned columns under a header. What does not fit the width is cut, and the last line says how much is hidden. */
export function renderText(table: Table, { width = Infinity, header }: TextOptions = {}): string {
  const cells = table.columns.map((_, c) => textColumn(table.rows.map((row) => row[c])));
  const wanted = table.columns.map((name, c) =>
    Math.max(displayWidth(clean(name)), ...maxOf(cells[c].map(displayWidth)))
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
    (header ?? ((text: string) => text))(line(table.columns.map(clean))),
    ...table.rows.map((_, r) => line(cells.map((column) => column[r]))),
    ...[...hidden(table, widths.length), ...(table.notes ?? [])].map((note) =>
      cutToWidth(note, width)
    ),
  ];
  return lines.join("\n") + "\n";
}

/** Without spreading a long list into arguments. */
function maxOf(widths: number[]): number[] {
  return [widths.reduce((most, width) => Math.max(most, width), 0)];
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
  return clean(String(cell));
}

/** Text without control characters, which would move the cursor or colour the terminal. */
function clean(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, (character) => {
    const named: Record<string, string> = { "\n": "\\n", "\t": "\\t", "\r": "\\r" };
    return named[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}

/** A list of objects, one a line. Big integers are written digit by digit. */
export function renderJson({ columns, rows }: Table): string {
  const object = (row: readonly Cell[]) =>
    `{${columns.map((name, c) => `${JSON.stringify(name)}:${jsonCell(row[c])}`).join(",")}}`;
  return rows.length === 0 ? "[]\n" : `[\n${rows.map(object).join(",\n")}\n]\n`;
}

function jsonCell(cell: Cell): string {
  return typeof cell === "bigint" ? String(cell) : JSON.stringify(cell);
}

/** RFC 4180: a header, CRLF, quotes where a cell holds a quote, a comma or a line break. */
export function renderCsv({ columns, rows }: Table): string {
  const quoted = (cell: Cell) => {
    const text = cell === null ? "" : String(cell);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => row.map(quoted).join(",") + "\r\n").join("");
}

/** A GitHub-flavoured Markdown table; numbers are aligned to the right. */
export function renderMarkdown({ columns, rows }: Table): string {
  const escaped = (cell: Cell) =>
    cell === null ? "" : clean(String(cell)).replaceAll("\\", "\\\\").replaceAll("|", "\\|");
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
