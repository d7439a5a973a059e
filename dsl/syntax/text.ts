/** Texts in quotes: escapes and the pieces of a template. @module */
import { Problem } from "./problems.ts";
import type { Piece } from "./tree.ts";

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", '"': '"', "\\": "\\" };

export interface ReadText {
  readonly value: string;
  readonly pieces: readonly Piece[];
  readonly problems: readonly Problem[];
}

/** True if a text token has its closing quote. */
export function isClosed(image: string): boolean {
  if (image.length < 2 || image.at(-1) !== '"') return false;
  let slashes = 0;
  for (let i = image.length - 2; i > 0 && image[i] === "\\"; i--) slashes++;
  return slashes % 2 === 0;
}

/** An escape, a variable, a doubled brace, a single one, or characters as they are. */
const PIECES = /\\([^]?)|\{([A-Za-z_]\w*)\}|\{\{|\}\}|[{}]|[^\\{}]+/g;

/**
 * Reads a text token: undoes `\n \t \" \\` and cuts it at `{variables}`.
 *
 * @param image the token, quotes included
 * @param offset where it starts in the file, for the spans
 */
export function readText(image: string, offset: number): ReadText {
  const inside = image.slice(1, isClosed(image) ? -1 : undefined);
  if (inside && !/[\\{}]/.test(inside)) {
    return { value: inside, pieces: [{ kind: "Characters", text: inside }], problems: [] };
  }
  const problems: Problem[] = [];
  const pieces: Piece[] = [];
  let value = "";
  let run = "";
  const flush = () => {
    if (run) pieces.push({ kind: "Characters", text: run });
    run = "";
  };
  for (const { 0: found, 1: escape, 2: name, index } of inside.matchAll(PIECES)) {
    const start = offset + 1 + index;
    const span = { start, end: start + found.length };
    if (escape !== undefined) {
      const plain = ESCAPES[escape];
      if (plain === undefined) {
        const help = 'the escapes are `\\n`, `\\t`, `\\"` and `\\\\`';
        const two = { start, end: start + 2 };
        problems.push(new Problem(two, `unknown escape \`\\${escape}\``, help));
      }
      value += plain ?? "";
      run += plain ?? "";
      continue;
    }
    value += found;
    if (name !== undefined) {
      flush();
      pieces.push({ kind: "Variable", name, span });
    } else if (found === "{" || found === "}") {
      flush();
      pieces.push({ kind: "Stray", text: found, span });
    } else run += found === "{{" || found === "}}" ? found[0] : found;
  }
  flush();
  return { value, pieces, problems };
}
