/** Lines, and how a line that is too long is broken. @module */
import { filled, withCommas } from "../../base/filled.ts";

/** One step of indentation. */
export const INDENT = "  ";
/** Widest line that lists are kept within. */
export const WIDTH = 100;

export interface Line {
  readonly depth: number;
  readonly text: string;
  /** A comment behind the line. */
  readonly comment?: string | undefined;
}

/** A statement or a field: its extent in the source, and its lines, made when its turn comes. */
export interface Item {
  readonly start: number;
  readonly end: number;
  lines(): Line[];
}

/** Text, and lists that may be set out over several lines: a list is its items. */
export type Pieces = readonly (string | readonly string[])[];

/** Pieces in one line. */
export function flat(pieces: Pieces): string {
  return pieces.map((piece) => typeof piece === "string" ? piece : piece.join(", ")).join("");
}

/** One line, or several when it is too long and holds a list: then the items get lines of their own. */
export function fitted(pieces: Pieces, depth: number): Line[] {
  const line = flat(pieces);
  const long = depth * INDENT.length + line.length > WIDTH;
  if (!long || pieces.every((piece) => typeof piece === "string" || piece.length === 0)) {
    return [{ depth, text: line }];
  }
  const lines: Line[] = [];
  let current = "";
  for (const piece of pieces) {
    if (typeof piece === "string") current += piece;
    else {
      const inside = filled(withCommas(piece), WIDTH - (depth + 1) * INDENT.length);
      lines.push({ depth, text: current });
      lines.push(...inside.map((text) => ({ depth: depth + 1, text })));
      current = "";
    }
  }
  lines.push({ depth, text: current });
  return lines;
}
