/** Two rows of tokens in columns, what differs marked: for `circ task show` and for messages. @module */
import { displayWidth } from "../../base/display_width.ts";
import { printableLine } from "../../base/printable.ts";

/** A row of tokens as texts, with the word before it. */
export interface TokenRow {
  readonly label: string;
  readonly tokens: readonly string[];
}

/** One column; an absent side is a gap. */
interface Column {
  readonly top?: string;
  readonly bottom?: string;
}

const WIDTH = 100;

/** Rows of equal length, token under token, with `^` under the columns that differ. */
export function alignEqual(top: TokenRow, bottom: TokenRow, width = WIDTH): string {
  const columns = top.tokens.map((token, i) => ({ top: token, bottom: bottom.tokens[i] }));
  return render(top.label, bottom.label, columns, width);
}

/**
 * Rows of unequal length: shared tokens are under each other (longest common subsequence), the others are
 * marked.
 */
export function alignDifferent(top: TokenRow, bottom: TokenRow, width = WIDTH): string {
  return render(top.label, bottom.label, pairUp(top.tokens, bottom.tokens), width);
}

/** A token as it is shown: the leading space visible, control characters escaped. */
export function visibleToken(text: string): string {
  return printableLine(text.replaceAll(" ", "·"));
}

function render(
  topLabel: string,
  bottomLabel: string,
  columns: readonly Column[],
  width: number,
): string {
  const labelWidth = Math.max(displayWidth(topLabel), displayWidth(bottomLabel));
  const lines: string[] = [];
  let rows = ["", "", ""];
  const flush = () => {
    const labels = [topLabel, bottomLabel, ""];
    rows.forEach((row, i) => {
      const line = `  ${pad(labels[i], labelWidth)}  ${row}`.trimEnd();
      if (i < 2 || row.trim() !== "") lines.push(line);
    });
    rows = ["", "", ""];
  };
  for (const { top, bottom } of columns) {
    const cells = [top, bottom].map((token) => token === undefined ? "" : visibleToken(token));
    const cellWidth = Math.max(1, ...cells.map(displayWidth));
    if (rows[0] !== "" && labelWidth + 4 + displayWidth(rows[0]) + cellWidth > width) flush();
    rows[0] += pad(cells[0], cellWidth) + " ";
    rows[1] += pad(cells[1], cellWidth) + " ";
    rows[2] += pad(top === bottom ? "" : "^".repeat(cellWidth), cellWidth) + " ";
  }
  flush();
  return lines.join("\n");
}

/** Longest common subsequence, then unmatched stretches side by side as far as they go. */
function pairUp(top: readonly string[], bottom: readonly string[]): Column[] {
  const [n, m] = [top.length, bottom.length];
  const longest = Array.from({ length: n + 1 }, () => new Uint32Array(m + 1));
  for (let i = n - 1; i >= 0; i--) {
    for (let j = m - 1; j >= 0; j--) {
      longest[i][j] = top[i] === bottom[j]
        ? longest[i + 1][j + 1] + 1
        : Math.max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  const columns: Column[] = [];
  let [ups, downs]: [string[], string[]] = [[], []];
  const settle = () => {
    for (let k = 0; k < Math.max(ups.length, downs.length); k++) {
      columns.push({ top: ups[k], bottom: downs[k] });
    }
    [ups, downs] = [[], []];
  };
  let [i, j] = [0, 0];
  while (i < n || j < m) {
    if (i < n && j < m && top[i] === bottom[j]) {
      settle();
      columns.push({ top: top[i++], bottom: bottom[j++] });
    } else if (j >= m || (i < n && longest[i + 1][j] >= longest[i][j + 1])) {
      ups.push(top[i++]);
    } else {
      downs.push(bottom[j++]);
    }
  }
  settle();
  return columns;
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}
