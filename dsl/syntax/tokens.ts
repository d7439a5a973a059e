/**
 * The words and signs of the language, as Chevrotain tokens.
 *
 * Three kinds of words: *reserved* ones begin a statement or join its parts and cannot be names;
 * *field words* begin a field of a block and may be names elsewhere; `from` and `to` are also fields
 * of an edge. Everything else that looks like a word is an identifier. The TextMate grammar, the
 * reference and completion are all made from these tables.
 *
 * @module
 */
import { circuitFields, scheduleFields } from "../../runtime/discovery/fields.ts";
import {
  createToken,
  createTokenInstance,
  type CustomPatternMatcherFunc,
  type IToken,
  Lexer,
  type TokenType,
} from "../../base/packages/chevrotain.ts";
import { FIELDS } from "./forms.ts";
import { firstWords } from "./notation.ts";

/** Words that declare something: `word name { ... }`. */
export const DECLARATION_WORDS = [
  "model",
  "task",
  "corruption",
  "schedule",
  "circuit",
  "program",
] as const;

/** Words that begin any other statement. */
export const COMMAND_WORDS = ["let", "import", "sweep", "plot", "save", "expect"] as const;

/** Words that begin a query; its value can be shown, named, saved or compared. */
export const QUERY_WORDS = [
  "edges",
  "nodes",
  "paths",
  "count",
  "why",
  "overlap",
  "stability",
  "run",
  "evaluate",
  "compare",
  "top",
  "complement",
] as const;

/** Words that begin a statement. */
export const STATEMENT_WORDS: readonly string[] = [
  ...DECLARATION_WORDS,
  ...COMMAND_WORDS,
  ...QUERY_WORDS,
];

/** Words that join the parts of a statement. */
export const JOINING_WORDS = [
  "where",
  "order",
  "group",
  "by",
  "limit",
  "via",
  "asc",
  "desc",
  "of",
  "on",
  "in",
  "for",
  "and",
  "or",
  "not",
  "without",
  "above",
  "under",
  "against",
  "with",
  "corrupted",
  "at",
] as const;

/** Words that join parts of a statement and name the ends of an edge. */
export const END_WORDS = ["from", "to"] as const;

/** The words that begin the alternatives of a rule. */
function wordsOf(rule: string): readonly string[] {
  return firstWords(FIELDS.get(rule)!.form).flatMap((field) => firstWords(FIELDS.get(field)!.form));
}

/** The fields of each kind of block, in canonical order of mention. */
export const FIELD_WORDS = {
  model: wordsOf("modelField"),
  task: wordsOf("taskField"),
  corruption: wordsOf("corruptionField"),
  schedule: Object.keys(scheduleFields),
  circuit: ["find", "in", "for", "using", "from", "edges", ...Object.keys(circuitFields)],
  program: wordsOf("programField"),
} as const satisfies Record<(typeof DECLARATION_WORDS)[number], readonly string[]>;

export type BlockKind = keyof typeof FIELD_WORDS;

export const WORDS_OF = Object.fromEntries(
  Object.entries(FIELD_WORDS).map(([kind, words]) => [kind, new Set<string>(words)]),
) as unknown as Record<BlockKind, ReadonlySet<string>>;

/** Words that may not be declared as names. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set<string>([
  ...STATEMENT_WORDS,
  ...JOINING_WORDS,
  ...END_WORDS,
]);

/** Field words that are not reserved, plus `length`, which follows `over`. */
export const FREE_FIELD_WORDS: readonly string[] = [
  ...new Set([...Object.values(FIELD_WORDS).flat(), "length"]),
].filter((word) => !RESERVED_WORDS.has(word));

/** Any word that may be a name or the name of an edge's field. */
export const Word = createToken({ name: "Word", pattern: Lexer.NA, label: "a name" });
/** Any reserved word. */
export const Reserved = createToken({ name: "Reserved", pattern: Lexer.NA });

export const Identifier = createToken({
  name: "Identifier",
  pattern: /[A-Za-z_][A-Za-z0-9_]*/,
  categories: [Word],
  label: "a name",
});

function wordToken(word: string): TokenType {
  const free = !RESERVED_WORDS.has(word) || (END_WORDS as readonly string[]).includes(word);
  return createToken({
    name: word.split("_").map((part) => part[0].toUpperCase() + part.slice(1)).join(""),
    pattern: word,
    categories: [free ? Word : Reserved],
    label: `\`${word}\``,
  });
}

export const W: Readonly<Record<string, TokenType>> = Object.fromEntries(
  [...RESERVED_WORDS, ...FREE_FIELD_WORDS].map((word) => [word, wordToken(word)]),
);

/** A component pattern with a dot or a star; `m5`, `tok` and `logits` are plain words. */
export const ComponentToken = createToken({
  name: "Component",
  pattern:
    /(?:a(?:\d+|\*)\.(?:(?:h|kv)(?:\d+|\*)(?:\.(?:[qkv]|\*))?|\*(?:\.(?:[qkv]|\*))?)|[am]\*)(?![\w.*(])/,
  label: "a component",
});

export const NumberToken = createToken({
  name: "Number",
  pattern: /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?%?/,
  label: "a number",
});

/** A text runs to its closing quote, or, when that is missing, to the end of the line. */
const matchText: CustomPatternMatcherFunc = (text, offset) => {
  if (text.charCodeAt(offset) !== 34) return null;
  let i = offset + 1;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) break;
    if (code === 92 && i + 1 < text.length) {
      const next = text.charCodeAt(i + 1);
      if (next !== 10 && next !== 13) i++;
    } else if (code === 34) {
      i++;
      break;
    }
  }
  return [text.slice(offset, i)];
};

export const TextToken = createToken({
  name: "Text",
  pattern: matchText,
  start_chars_hint: ['"'],
  line_breaks: false,
  label: "a text in quotes",
});

/** Signs, each before its own beginnings. */
const SIGNS: TokenType[] = [];

function sign(name: string, pattern: string): TokenType {
  const type = createToken({ name, pattern, label: `\`${pattern}\`` });
  SIGNS.push(type);
  return type;
}

export const LeftBrace = sign("LeftBrace", "{");
export const RightBrace = sign("RightBrace", "}");
export const LeftBracket = sign("LeftBracket", "[");
export const RightBracket = sign("RightBracket", "]");
export const LeftParenthesis = sign("LeftParenthesis", "(");
export const RightParenthesis = sign("RightParenthesis", ")");
export const Comma = sign("Comma", ",");
export const Range = sign("Range", "..");
export const Dot = sign("Dot", ".");
export const Arrow = sign("Arrow", "->");
export const Comparison = createToken({
  name: "Comparison",
  pattern: /==|!=|<=|>=|=|<|>/,
  label: "a comparison",
});
export const Equals = createToken({
  name: "Equals",
  pattern: /=(?!=)/,
  categories: [Comparison],
  label: "`=`",
});
export const Plus = sign("Plus", "+");
export const Minus = sign("Minus", "-");
export const Bar = sign("Bar", "|");
export const Ampersand = sign("Ampersand", "&");
export const Star = sign("Star", "*");
export const Slash = sign("Slash", "/");

const Blank = createToken({
  name: "Blank",
  pattern: /[ \t\r\n\ufeff\u00a0\f]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
const CommentToken = createToken({ name: "Comment", pattern: /#[^\n\r]*/, group: "comments" });
/** Characters that mean nothing in the language. */
export const Junk = createToken({
  name: "Junk",
  pattern:
    // deno-lint-ignore no-control-regex -- every character that no other token begins with
    /[\u0080-\u009f\u00a1-\ufefe\uff00-\uffff]+|[\u0000-\u0008\u000b\u000e-\u001f!$%'\/:;?@\\^`~\u007f]/,
  label: "a character that means nothing here",
});

/** All tokens, in the order in which the lexer tries those that are no words of the language. */
export const VOCABULARY: readonly TokenType[] = [
  Blank,
  CommentToken,
  TextToken,
  ComponentToken,
  ...Object.values(W),
  Identifier,
  NumberToken,
  Equals,
  Comparison,
  ...SIGNS,
  Junk,
  Word,
  Reserved,
];

/** A token of a type, with its place in the text. */
export function tokenOf(type: TokenType, image: string, start: number): IToken {
  return createTokenInstance(type, image, start, start + image.length - 1, NaN, NaN, NaN, NaN);
}
