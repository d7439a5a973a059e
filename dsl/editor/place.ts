/** Position in the grammar, and the tokens that may follow, found by the parser itself. @module */
import type { IToken } from "../../base/packages/chevrotain.ts";
import { type Next, nextTokens } from "../syntax/grammar.ts";
import { tokenise } from "../syntax/lexer.ts";
import {
  type BlockKind,
  DECLARATION_WORDS,
  LeftBrace,
  RightBrace,
  STATEMENT_WORDS,
  TextToken,
  WORDS_OF,
} from "../syntax/tokens.ts";

export interface Place {
  /** The part of a word before the cursor, which a completion replaces. */
  readonly prefix: string;
  readonly from: number;
  /** Tokens and rules that may follow within the statement at hand. */
  readonly next: readonly Next[];
  /** True if a new statement may begin here. */
  readonly atStatement: boolean;
  /** Tokens of the statement at hand, before the cursor. */
  readonly tokens: readonly IToken[];
  readonly block: BlockKind | "sweep" | undefined;
  /** The text in quotes that the cursor is in. */
  readonly inText: IToken | undefined;
}

const STATEMENTS: ReadonlySet<string> = new Set(STATEMENT_WORDS);
const DECLARATIONS: ReadonlySet<string> = new Set(DECLARATION_WORDS);

/** Longest statement, in tokens, of which what may come next is worked out. */
const MOST_TOKENS = 300;

/** Finds out where an offset is. */
export function placeAt(text: string, offset: number): Place {
  const { tokens: all, comments } = tokenise(text);
  const before = all.filter((token) => token.startOffset < offset);
  const last = before.at(-1);
  const lastEnd = last ? last.startOffset + last.image.length : 0;
  const inText = last?.tokenType === TextToken && offset < lastEnd + (isOpen(last) ? 1 : 0)
    ? last
    : undefined;
  const inComment = comments.some(({ startOffset, image }: IToken) =>
    startOffset < offset && offset <= startOffset + image.length
  );
  const typing = last && !inText && lastEnd >= offset && /^[\w*.]/.test(last.image);
  if (typing || inText) before.pop();
  const from = typing ? componentStart(before, last.startOffset) : offset;
  const found = statementOf(text, before);
  const { block, depth } = found;
  let { tokens } = found;
  let next = nextIn(tokens);
  if (next.length === 0 && depth === 0) {
    // A statement may also begin with an expression, on a line of its own.
    tokens = lastLine(text, before, from);
    next = nextIn(tokens);
  }
  const startsLine = /(^|\n)[ \t]*$/.test(text.slice(0, from));
  return {
    prefix: text.slice(from, offset),
    from,
    next: inComment ? [] : next,
    atStatement: !inComment && !inText && depth === 0 && (tokens.length === 0 || startsLine),
    tokens,
    block,
    inText,
  };
}

function nextIn(tokens: readonly IToken[]): readonly Next[] {
  return tokens.length === 0 || tokens.length > MOST_TOKENS ? [] : nextTokens("statement", tokens);
}

/** The tokens before an offset on its line. */
function lastLine(text: string, tokens: readonly IToken[], offset: number): readonly IToken[] {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return tokens.filter(({ startOffset }) => startOffset >= start);
}

function isOpen(token: IToken): boolean {
  return token.image.length < 2 || !token.image.endsWith('"');
}

/** A component that is being typed, `a3.h`, counts as one word: its tokens are taken back. */
function componentStart(before: IToken[], from: number): number {
  for (;;) {
    const last = before.at(-1);
    if (!last || last.startOffset + last.image.length !== from || !/^[\w*.]+$/.test(last.image)) {
      return from;
    }
    before.pop();
    from = last.startOffset;
  }
}

/**
 * The tokens of the statement that is unfinished at the end of a list of tokens, and its start in the list.
 */
function statementOf(text: string, tokens: readonly IToken[]) {
  let start = tokens.length;
  let depth = 0;
  for (let i = tokens.length - 1; i >= 0; i--) {
    const { tokenType, image } = tokens[i];
    if (tokenType === RightBrace) depth++;
    else if (tokenType === LeftBrace) depth--;
    if (STATEMENTS.has(image) && startsLine(text, tokens, i) && depth <= 0) {
      const isField = image === "let" && blockAround(tokens, i) === "program" ||
        image === "edges" && tokens[i + 1]?.tokenType === LeftBrace;
      if (!isField) {
        start = i;
        break;
      }
    }
  }
  const own = tokens.slice(start);
  const open = own.findIndex(({ tokenType }) => tokenType === LeftBrace);
  const inside = openBraces(own);
  if (own[0] && own[0].image === "sweep" && open >= 0 && inside > 0) {
    return { tokens: [], block: "sweep" as const, depth: 0 };
  }
  if (own.length > 0 && open >= 0 && inside === 0) {
    // The block is closed: the next token begins a new statement.
    return { tokens: [], block: undefined, depth: 0 };
  }
  const block = inside > 0 && DECLARATIONS.has(own[0]?.image)
    ? own[0].image as BlockKind
    : undefined;
  return { tokens: block ? currentField(text, own, open, block) : own, block, depth: inside };
}

function openBraces(tokens: readonly IToken[]): number {
  let depth = 0;
  for (const { tokenType } of tokens) {
    if (tokenType === LeftBrace) depth++;
    else if (tokenType === RightBrace) depth = Math.max(0, depth - 1);
  }
  return depth;
}

function blockAround(tokens: readonly IToken[], index: number): string | undefined {
  let depth = 0;
  for (let i = index - 1; i >= 0; i--) {
    if (tokens[i].tokenType === RightBrace) depth++;
    else if (tokens[i].tokenType === LeftBrace && depth-- === 0) {
      for (let j = i - 1; j >= 0; j--) {
        if (DECLARATIONS.has(tokens[j].image)) return tokens[j].image;
      }
      return undefined;
    }
  }
}

function startsLine(text: string, tokens: readonly IToken[], i: number): boolean {
  const end = i === 0 ? 0 : tokens[i - 1].startOffset + tokens[i - 1].image.length;
  return i === 0 || text.slice(end, tokens[i].startOffset).includes("\n");
}

/** The head of a declaration and the field at its end: earlier fields say nothing about what comes next. */
function currentField(
  text: string,
  tokens: readonly IToken[],
  open: number,
  block: BlockKind,
): readonly IToken[] {
  const at = tokens.findLastIndex(({ image }, i) =>
    i > open && WORDS_OF[block].has(image) && (i === open + 1 || startsLine(text, tokens, i))
  );
  return at < 0 ? tokens : [...tokens.slice(0, open + 1), ...tokens.slice(at)];
}
