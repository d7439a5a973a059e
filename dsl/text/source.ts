/** Source text with line and column numbers. @module */

/** A stretch of text: offsets in UTF-16 units, `end` exclusive. */
export interface Span {
  /** Offset of the first unit. */
  readonly start: number;
  /** Offset after the last unit. */
  readonly end: number;
}

/** The text of a script and its name. */
export interface Source {
  /** Name of the file, as the user knows it. */
  readonly file: string;
  /** Text of the file. */
  readonly text: string;
}

/** Line and column, both from 1; a column counts code points. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The lines of a text. */
export interface Lines {
  /** Offset of a line's first character; lines count from 1. */
  start(line: number): number;
  /** A line's text without its end. */
  text(line: number): string;
  position(offset: number): Position;
}

let last: { text: string; lines: Lines } | undefined;

/** The lines of a text. The table of the last text is kept, since diagnostics come in bunches. */
export function linesOf(text: string): Lines {
  if (last?.text === text) return last.lines;
  const lines = buildLines(text);
  last = { text, lines };
  return lines;
}

function buildLines(text: string): Lines {
  const starts = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  const lineAt = (offset: number) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
  return {
    start: (line) => starts[line - 1],
    text: (line) =>
      text.slice(starts[line - 1], line < starts.length ? starts[line] - 1 : text.length)
        .replace(/\r$/, ""),
    position: (offset) => {
      const line = lineAt(offset);
      let column = 1;
      for (let i = starts[line - 1]; i < offset && i < text.length; column++) {
        i += text.codePointAt(i)! > 0xffff ? 2 : 1;
      }
      return { line, column };
    },
  };
}
