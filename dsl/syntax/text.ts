/**
 * Texts in quotes: escapes and the pieces of a template.
 *
 * @module
 */
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

/**
 * Reads a text token: undoes `\n \t \" \\` and cuts it at `{variables}`.
 *
 * @param image the token, quotes included
 * @param offset where it starts in the file, for the spans
 */
export function readText(image: string, offset: number): ReadText {
  const end = isClosed(image) ? image.length - 1 : image.length;
  const inside = image.slice(0, end);
  const problems: Problem[] = [];
  const pieces: Piece[] = [];
  let value = "";
  let run = "";
  const flush = () => {
    if (run) pieces.push({ kind: "Characters", text: run });
    run = "";
  };
  for (let i = 1; i < end; i++) {
    const character = image[i];
    if (character === "\\") {
      const span = { start: offset + i, end: offset + i + 2 };
      const plain = ESCAPES[image[++i]];
      if (plain === undefined) {
        const help = 'the escapes are `\\n`, `\\t`, `\\"` and `\\\\`';
        problems.push(new Problem(span, `unknown escape \`\\${image[i] ?? ""}\``, help));
      }
      value += plain ?? "";
      run += plain ?? "";
    } else if (character === "{" || character === "}") {
      const variable = character === "{" && /\{([A-Za-z_]\w*)\}/y;
      if (variable) variable.lastIndex = i;
      const found = variable && variable.exec(inside);
      if (found) {
        flush();
        pieces.push({
          kind: "Variable",
          name: found[1],
          span: { start: offset + i, end: offset + i + found[0].length },
        });
        value += found[0];
        i += found[0].length - 1;
      } else if (image[i + 1] === character && i + 1 < end) {
        value += character + character;
        run += character;
        i++;
      } else {
        flush();
        pieces.push({
          kind: "Stray",
          text: character,
          span: { start: offset + i, end: offset + i + 1 },
        });
        value += character;
      }
    } else {
      value += character;
      run += character;
    }
  }
  flush();
  return { value, pieces, problems };
}
