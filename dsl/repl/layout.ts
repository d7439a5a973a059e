/**
 * Layout of the typed text on the screen: rows of at most the terminal's width, and the place of the cursor.
 *
 * @module
 */
import { displayWidth } from "../../base/display_width.ts";
import { printableLine } from "../../base/printable.ts";
import { graphemes } from "./buffer.ts";

/** A stretch of text in a style, as an SGR number: `31` is red. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly style: string;
}

export interface Layout {
  /** Rows ready to be written, without line ends. */
  readonly rows: readonly string[];
  readonly cursorRow: number;
  readonly cursorColumn: number;
}

export interface LayoutInput {
  readonly text: string;
  readonly cursor: number;
  /** Before the first line. */
  readonly prompt: string;
  /** Before every further line. */
  readonly continuation: string;
  /** Columns of the terminal. */
  readonly width: number;
  /** Ascending and apart. */
  readonly spans: readonly Span[];
}

/** Lays the text out. */
export function layout({ text, cursor, prompt, continuation, width, spans }: LayoutInput): Layout {
  const rows = [prompt];
  let column = displayWidth(prompt);
  let at = 0;
  let span = 0;
  let style = "";
  let place = { row: 0, column };
  const columns = Math.max(width, column + 2);

  const newRow = (start: string) => {
    if (style !== "") rows[rows.length - 1] += "\x1b[0m";
    rows.push(start + (style === "" ? "" : `\x1b[${style}m`));
    column = displayWidth(start);
  };
  const restyle = () => {
    while (span < spans.length && spans[span].end <= at) span++;
    const wanted = span < spans.length && spans[span].start <= at ? spans[span].style : "";
    if (wanted === style) return;
    if (style !== "") rows[rows.length - 1] += "\x1b[0m";
    if (wanted !== "") rows[rows.length - 1] += `\x1b[${wanted}m`;
    style = wanted;
  };
  for (const character of graphemes(text)) {
    restyle();
    const shown = printableLine(character);
    const size = displayWidth(shown);
    if (character !== "\n" && column + size > columns) newRow("");
    if (at === cursor) place = { row: rows.length - 1, column };
    if (character === "\n") newRow(continuation);
    else {
      rows[rows.length - 1] += shown;
      column += size;
    }
    at += character.length;
  }
  if (cursor >= text.length) {
    // The column after the last one is the next row's first.
    if (column >= columns) newRow("");
    place = { row: rows.length - 1, column };
  }
  if (style !== "") rows[rows.length - 1] += "\x1b[0m";
  return { rows, cursorRow: place.row, cursorColumn: place.column };
}
