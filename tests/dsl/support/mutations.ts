/** Texts that nobody would write: scripts with bytes, tokens and lines changed, and extremes. @module */
import { RESERVED_WORDS } from "../../../dsl/syntax/tokens.ts";
import type { Random } from "./random.ts";

const BITS = [
  "{",
  "}",
  "(",
  ")",
  "[",
  "]",
  '"',
  "\\",
  "#",
  "##",
  "->",
  "..",
  ".",
  ",",
  "=",
  "==",
  "%",
  "&",
  "|",
  "-",
  "*",
  "\0",
  "\ud800",
  "\udc00",
  "\u2028",
  "\ufeff",
  "\r",
  "\n",
  "\t",
  "é",
  "日",
  "🙂",
  ";",
  "'",
  "a*.h2.q",
  "a3.*",
  "98%",
  "1e999",
  "0x1F",
  "00..99",
  "..",
  "{A}",
  "{{",
  "\x1b[31m",
  ...RESERVED_WORDS,
];

type Mutation = (text: string, random: Random) => string;

const at = (text: string, random: Random) => random.integer(text.length + 1);

const MUTATIONS: readonly Mutation[] = [
  // A stretch is lost.
  (text, random) => {
    const start = at(text, random);
    return text.slice(0, start) + text.slice(start + 1 + random.integer(8));
  },
  // Something is put in.
  (text, random) => {
    const start = at(text, random);
    return text.slice(0, start) + random.pick(BITS) + text.slice(start);
  },
  // A character becomes another.
  (text, random) => {
    const start = at(text, random);
    return text.slice(0, start) +
      String.fromCharCode(random.integer(random.chance(0.8) ? 128 : 65536)) +
      text.slice(start + 1);
  },
  // A line is lost, doubled or moved.
  (text, random) => {
    const lines = text.split("\n");
    const [line] = lines.splice(random.integer(lines.length), 1);
    for (let i = random.integer(3); i > 0; i--) {
      lines.splice(random.integer(lines.length + 1), 0, line);
    }
    return lines.join("\n");
  },
  // Two words change places.
  (text, random) => {
    const words = text.split(/(\s+)/);
    const a = random.integer(words.length);
    const b = random.integer(words.length);
    [words[a], words[b]] = [words[b], words[a]];
    return words.join("");
  },
  // The end is cut off.
  (text, random) => text.slice(0, at(text, random)),
  // Everything stands on one line.
  (text) => text.replace(/\s*\n\s*/g, " "),
  // A stretch is repeated.
  (text, random) => {
    const start = at(text, random);
    const piece = text.slice(start, start + 1 + random.integer(20));
    return text.slice(0, start) + piece.repeat(1 + random.integer(40)) + text.slice(start);
  },
];

/** A script changed in a few places, cut to less than 10 kB. */
export function mutate(text: string, random: Random): string {
  let result = text;
  for (let i = 1 + random.integer(4); i > 0; i--) result = random.pick(MUTATIONS)(result, random);
  return result.slice(0, 9_900);
}

/**
 * Extremes that mutation would not find.
 *
 * @param scale 1 for the full sizes; what braces do is always tried in full
 */
export function extremes(scale: number): readonly (readonly [name: string, text: string])[] {
  const many = Math.round(100_000 * scale);
  const long = Math.round(1_000_000 * scale);
  return [
    ["a line of 1 MB", `let x = "${"x".repeat(1_000_000)}"`],
    ["100,000 opening braces", "{".repeat(100_000)],
    ["100,000 opening brackets", "let x = " + "[".repeat(100_000)],
    ["100,000 opening parentheses", "let x = " + "(".repeat(100_000)],
    ["100,000 pairs of braces", "{".repeat(100_000) + "}".repeat(100_000)],
    ["many closing braces", "}".repeat(many)],
    ["many nested sweeps", "sweep a from 1..2 { ".repeat(many)],
    ["many times not", "expect " + "not ".repeat(many) + "x"],
    ["many minus signs", "let x = " + "-".repeat(many) + "1"],
    ["many complements", "complement of ".repeat(many) + "ep"],
    ["many tops", "top 1 of ".repeat(many) + "ep"],
    ["many queries in queries", "edges of ".repeat(many) + "ep"],
    ["many additions", "let x = 1" + " + 1".repeat(many)],
    ["many items", "let x = [1" + ", 1".repeat(many) + "]"],
    ["a text without end", `let x = "${"x".repeat(long)}"`],
    ["a text without end that is never closed", `let x = "${"x".repeat(long)}`],
    ["a text without end of braces", `let x = "${"{".repeat(long + 1)}"`],
    ["a text without end of backslashes", `let x = "${"\\".repeat(long)}"`],
    ["a comment without end", "#".repeat(long)],
    ["a word without end", "x".repeat(long)],
    ["a number without end", "9".repeat(long)],
    ["endless odd characters", "$".repeat(long)],
    ["endless NUL", "\0".repeat(long)],
    ["endless lone surrogates", "\ud800".repeat(long)],
    ["endless words on a line", "ep ".repeat(long / 3)],
    ["a line without end of blanks", " ".repeat(long) + "ep"],
    ["many empty lines", "\n".repeat(2 * many) + "x y"],
    ["many doc comments", "## a\n".repeat(many / 5) + "let x = 1"],
    ["components without end", "why " + "a1.h".repeat(long / 4) + " in ep"],
  ];
}
