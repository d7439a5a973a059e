/** Numbers as bars of text: what `.plot` shows at the prompt. @module */
import { type Cell, displayWidth, type Table } from "../../runtime/circuits/mod.ts";
import type { LayerCount } from "../../runtime/evaluation/mod.ts";
import { UserError } from "../../base/user_error.ts";

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Text behind the bar. */
  readonly text: string;
}

/** More bars than anyone reads are counted instead. */
const most = 40;

/** Bars below each other on one scale from 0; bars of negative values say so by `-` instead of `#`. */
export function barChart(bars: readonly Bar[], width: number): string {
  const shown = bars.slice(0, most);
  const labels = Math.max(0, ...shown.map(({ label }) => displayWidth(label)));
  const texts = Math.max(0, ...shown.map(({ text }) => displayWidth(text)));
  const largest = shown.reduce((most, { value }) => Math.max(most, Math.abs(value)), 0);
  const room = Math.max(4, Math.min(60, width - labels - texts - 5));
  const lines = shown.map(({ label, value, text }) => {
    const size = largest === 0 ? 0 : Math.abs(value) / largest * room;
    // What is not 0 is seen.
    const length = value === 0 ? 0 : Math.max(1, Math.round(size));
    const bar = (value < 0 ? "-" : "#").repeat(length);
    return `${label}${" ".repeat(labels - displayWidth(label))}  ${bar}${
      length > 0 ? " " : ""
    }${text}`;
  });
  if (bars.length > shown.length) lines.push(`(${shown.length} of ${bars.length} shown)`);
  return lines.join("\n");
}

/** A circuit's edges by the layer and the input that reads them. */
export function layerBars(counts: readonly LayerCount[]): Bar[] {
  return counts.map(({ layer, kind, kept, possible }) => ({
    label: kind === "logits" ? "logits" : `layer ${layer} ${kind}`,
    value: kept,
    text: `${kept.toLocaleString("en-US")} of ${possible.toLocaleString("en-US")}`,
  }));
}

/**
 * A table's rows: the last column of numbers, labelled by the columns before it.
 *
 * @throws {UserError} if no column holds numbers
 */
export function tableBars({ columns, rows }: Table): Bar[] {
  const isNumber = (cell: Cell) => typeof cell === "number" || typeof cell === "bigint";
  const column = columns.findLastIndex((_, c) =>
    rows.some((row) => isNumber(row[c])) && rows.every((row) => row[c] === null || isNumber(row[c]))
  );
  if (column < 0) throw new UserError("no column of this table holds numbers");
  const texts = columns.map((_, c) => c).filter((c) =>
    c !== column && rows.some((row) => typeof row[c] === "string")
  );
  const labels = texts.length > 0 ? texts : columns.map((_, c) => c).filter((c) => c < column);
  return rows.map((row, r) => ({
    label: labels.map((c) => row[c] === null ? "-" : String(row[c])).join(" ") || String(r + 1),
    value: Number(row[column] ?? 0),
    text: row[column] === null ? "" : brief(row[column] as number | bigint),
  }));
}

function brief(value: number | bigint): string {
  if (typeof value === "bigint" || Number.isInteger(value)) return value.toLocaleString("en-US");
  return String(Number(value.toPrecision(4)));
}
