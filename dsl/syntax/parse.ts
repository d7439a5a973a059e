/** From text to syntax tree. @module */
import type { IToken, TokenType } from "../../base/packages/chevrotain.ts";
import { tokenise } from "./lexer.ts";
import { Identifier, Junk, TextToken, tokenOf } from "./tokens.ts";
import { Arrow, Comparison, Minus, NumberToken, Range, W } from "./tokens.ts";
import { LeftBrace, LeftBracket, LeftParenthesis, Slash } from "./tokens.ts";
import { RightBrace, RightBracket, RightParenthesis } from "./tokens.ts";
import { DEEPEST } from "./base.ts";
import { Problem } from "./problems.ts";
import { StatementParser } from "./statements.ts";
import { isClosed, readText } from "./text.ts";
import type { Comment, Program } from "./tree.ts";
import { type Diagnostic, sortDiagnostics } from "../text/diagnostics.ts";

export interface Parsed {
  readonly tree: Program;
  readonly diagnostics: readonly Diagnostic[];
  /** The text is right as far as it goes, but ends too early: a prompt should ask for more lines. */
  readonly incomplete: boolean;
}

let parser: StatementParser | undefined;

/**
 * Parses a script. Never throws: what cannot be understood becomes diagnostics and, in the tree, a
 * `BrokenStatement`.
 *
 * @param text the script
 * @param file its name, for diagnostics
 */
export function parse(text: string, file = "-"): Parsed {
  const lexed = tokenise(text);
  const { tokens, problems } = sift(text, lexed.tokens);
  const comments = commentsOf(text, lexed.comments);
  parser ??= new StatementParser(true);
  const statements = parser.read(text, tokens, docFinder(text, comments));
  const diagnostics = [...problems, ...parser.problems].map((problem): Diagnostic => ({
    file,
    span: { ...problem.span, end: Math.min(problem.span.end, text.length) },
    severity: "error",
    message: problem.message,
    ...(problem.help === undefined ? {} : { help: problem.help }),
  }));
  return {
    tree: {
      kind: "Program",
      file,
      statements,
      comments,
      span: { start: 0, end: text.length },
    },
    diagnostics: sortDiagnostics(diagnostics),
    incomplete: parser.incomplete && diagnostics.length === 1,
  };
}

const OPENING = new Set([LeftBrace, LeftBracket, LeftParenthesis]);
const CLOSING = new Set([RightBrace, RightBracket, RightParenthesis]);
const MOST_SIFTED = 20;

/** Reports and drops what the grammar does not speak of: odd characters, open texts, deep nesting. */
function sift(text: string, all: readonly IToken[]): { tokens: IToken[]; problems: Problem[] } {
  const tokens: IToken[] = [];
  const problems: Problem[] = [];
  let depth = 0;
  for (let i = 0; i < all.length; i++) {
    const token = all[i];
    const start = token.startOffset;
    const span = { start, end: start + token.image.length };
    const type = token.tokenType;
    if (type === Junk) {
      if (problems.length >= MOST_SIFTED) continue;
      const mended = mendText(text, token) ?? mendSign(token, tokens) ??
        mendName(text, token, tokens);
      if (!mended) {
        problems.push(new Problem(span, ...aboutJunk(token.image)));
        continue;
      }
      problems.push(mended.problem);
      tokens.push(mended.token);
      while (i + 1 < all.length && all[i + 1].startOffset < mended.problem.span.end) i++;
      continue;
    }
    if (type === Slash && all[i + 1]?.tokenType === Slash && all[i + 1].startOffset === span.end) {
      const end = lineEnd(text, start);
      if (problems.length < MOST_SIFTED) {
        const help = "write `# ...`";
        problems.push(new Problem({ start, end }, "a comment begins with `#`", help));
      }
      while (i + 1 < all.length && all[i + 1].startOffset < end) i++;
      continue;
    }
    if (type === TextToken && problems.length < MOST_SIFTED) {
      if (!isClosed(token.image)) {
        problems.push(new Problem(span, "this text is never closed", 'add `"` where it ends'));
      } else if (token.image.includes("\\")) {
        problems.push(...readText(token.image, start).problems);
      }
    } else if (OPENING.has(type)) {
      if (++depth > DEEPEST) {
        // What is nested too deep is not read at all: no parser recurses into it.
        return { tokens: [], problems: [new Problem(span, `nested more than ${DEEPEST} deep`)] };
      }
    } else if (CLOSING.has(type)) depth = Math.max(0, depth - 1);
    tokens.push(token);
  }
  return { tokens, problems };
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end;
}

interface Mended {
  readonly token: IToken;
  readonly problem: Problem;
}

/** Longest stretch that is looked at for the end of a text or name in odd characters. */
const FARTHEST = 1000;

/** A text in quotation marks of another kind, read as if they were the right ones. */
function mendText(text: string, { image, startOffset: start }: IToken): Mended | undefined {
  const closing = { "'": "'", "“": "”", "„": "“", "«": "»" }[image[0]];
  if (!closing) return undefined;
  const line = /^[^\r\n]*/.exec(text.slice(start, start + FARTHEST))![0];
  const length = line.indexOf(closing, 1) + 1;
  if (length === 0) return undefined;
  const right = `"${line.slice(1, length - 1).replace(/["\\]/g, " ")}"`;
  const span = { start, end: start + length };
  return {
    token: tokenOf(TextToken, right, start),
    problem: new Problem(span, "a text stands in straight double quotes", `write ${right}`),
  };
}

/** A sign that is read as one of the language's; `98 %` becomes `98%`. */
function mendSign({ image, startOffset: start }: IToken, tokens: IToken[]): Mended | undefined {
  const span = { start, end: start + image.length };
  const before = tokens.at(-1);
  if (image === "%" && before?.tokenType === NumberToken && !before.image.endsWith("%")) {
    tokens.pop();
    const help = `write it directly behind the number: \`${before.image}%\``;
    return {
      token: tokenOf(NumberToken, `${before.image}%`, before.startOffset),
      problem: new Problem(span, "this `%` stands alone", help),
    };
  }
  if (!Object.hasOwn(MEANT, image)) return undefined;
  const [sign, type] = MEANT[image];
  return {
    token: tokenOf(type, sign, start),
    problem: new Problem(span, `\`${image}\` means nothing here`, `write \`${sign}\``),
  };
}

/** A name with letters that names cannot have; the part before them is taken back from `tokens`. */
function mendName(
  text: string,
  { image, startOffset }: IToken,
  tokens: IToken[],
): Mended | undefined {
  if (!/^[\p{L}\p{M}]+$/u.test(image)) return undefined;
  const before = tokens.at(-1);
  const joins = before && /^\w+$/.test(before.image) &&
    before.startOffset + before.image.length === startOffset;
  const start = joins ? before.startOffset : startOffset;
  const name = /^[\p{L}\p{M}\p{N}_]+/u.exec(text.slice(start, start + FARTHEST))![0];
  if (joins) tokens.pop();
  const span = { start, end: start + name.length };
  const help = "names consist of the letters a to z, digits and `_`";
  return {
    token: tokenOf(Identifier, name, start),
    problem: new Problem(span, `\`${name}\` cannot be a name`, help),
  };
}

/** Signs that people write for signs of the language. */
const MEANT: Readonly<Record<string, readonly [sign: string, type: TokenType]>> = {
  "→": ["->", Arrow],
  "≥": [">=", Comparison],
  "≤": ["<=", Comparison],
  "≠": ["!=", Comparison],
  "…": ["..", Range],
  "−": ["-", Minus],
  "–": ["-", Minus],
  "!": ["not", W.not],
};

function aboutJunk(image: string): [string, string] {
  if (image === ";") return ["`;` means nothing here", "statements end by themselves"];
  if (image === "'") return ["`'` means nothing here", 'texts stand in double quotes: `"..."`'];
  if (image === ":") return ["`:` means nothing here", "a field's value follows its name directly"];
  const code = image.codePointAt(0)!;
  if (code < 32 || code === 127) {
    return [
      `control character U+${code.toString(16).toUpperCase().padStart(4, "0")} in the script`,
      "remove it",
    ];
  }
  if (/[“”„«»]/.test(image)) {
    return [
      `\`${image.slice(0, 20)}\` is no quotation mark here`,
      'texts stand in straight quotes: `"..."`',
    ];
  }
  return [
    `\`${image.slice(0, 20).toWellFormed()}\` means nothing here`,
    "names consist of the letters a to z, digits and `_`; other characters stand in texts and comments",
  ];
}

function commentsOf(text: string, tokens: readonly IToken[]): Comment[] {
  return tokens.map((token) => {
    const start = token.startOffset;
    const doc = /^##(?!#)/.test(token.image);
    const lineStart = text.lastIndexOf("\n", start - 1) + 1;
    return {
      text: token.image.slice(doc ? 2 : 1).trimEnd(),
      doc,
      span: { start, end: start + token.image.length },
      ownLine: /^[ \t\ufeff]*$/.test(text.slice(lineStart, start)),
    };
  });
}

/** Finds the `##` lines directly above an offset. */
function docFinder(text: string, comments: readonly Comment[]) {
  const lines = comments.filter((comment) => comment.doc && comment.ownLine);
  return (offset: number): string | undefined => {
    let low = 0;
    let high = lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (lines[middle].span.start < offset) low = middle + 1;
      else high = middle;
    }
    const found: string[] = [];
    let below = offset;
    for (let i = low - 1; i >= 0; i--) {
      const gap = text.slice(lines[i].span.end, below);
      if (!/^[ \t]*\r?\n[ \t]*$/.test(gap)) break;
      found.unshift(lines[i].text.replace(/^ /, ""));
      below = lines[i].span.start;
    }
    return found.length ? found.join("\n") : undefined;
  };
}
