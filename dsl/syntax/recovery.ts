/**
 * Recovery from mistakes.
 *
 * It is done by hand: a block and the list of statements each read their items one by one, and an
 * item that fails is reported once and skipped up to where the next one seems to begin. A misspelt
 * word is reported and then read as the word it was meant to be, so that it has no after-effects.
 *
 * @module
 */
import { EOF, type IToken, type ParserMethod } from "../../base/packages/chevrotain.ts";
import * as t from "./tokens.ts";
import { type BlockKind, FIELD_WORDS, tokenOf, W } from "./tokens.ts";
import { nameOf } from "./base.ts";
import { Problem, problemOf, shortened } from "./problems.ts";
import { QueryParser } from "./queries.ts";
import type { Field, Name, Span } from "./tree.ts";
import { nearest } from "../../base/nearest.ts";

/** Syntax errors after which the rest of a text is not looked at. */
const MOST_PROBLEMS = 40;

const STATEMENTS: ReadonlySet<string> = new Set(t.STATEMENT_WORDS);
const DECLARATIONS: ReadonlySet<string> = new Set(t.DECLARATION_WORDS);
/** Words that, first on a line, begin a statement in front of any word. */
const LEADING: ReadonlySet<string> = new Set([
  ...t.COMMAND_WORDS,
  "evaluate",
  "compare",
  "overlap",
  "stability",
  "why",
  "run",
]);

interface Body<T> {
  readonly fields: T[];
  readonly damaged: boolean;
  readonly body: Span;
}

export abstract class RecoveringParser extends QueryParser {
  /** Problems, in the order in which they were met. */
  problems: Problem[] = [];
  /** The text ended where something was still to come. */
  incomplete = false;
  /** The next problem is a consequence of one that was reported. */
  protected quiet = false;

  protected report(thrown: unknown): void {
    const { span, message, help } = problemOf(thrown, this.text);
    if (this.is(this.LA(1), END)) this.incomplete = true;
    if (!this.quiet) this.note(span, message, help);
    this.quiet = false;
  }

  protected note(span: Span, message: string, help?: string): void {
    if (!this.exhausted) this.problems.push(new Problem(span, message, help));
  }

  protected get exhausted(): boolean {
    return this.problems.length >= MOST_PROBLEMS;
  }

  /** The same token as if it had been spelt right. */
  protected respell(word: string): void {
    const { image, startOffset } = this.LA(1);
    this.input[this.currentIndex() + 1] = tokenOf(W[word], image, startOffset);
    this.quiet = true;
  }

  protected currentIndex(): number {
    return (this as unknown as { exportLexerState(): number }).exportLexerState();
  }

  protected skip(): void {
    if (!this.is(this.LA(1), END)) {
      (this as unknown as { consumeToken(): void }).consumeToken();
    }
  }

  /** True if the next token, first on its line, begins a statement. */
  protected startsStatement(): boolean {
    if (!this.startsLine(1)) return false;
    const [first, second, third] = [this.LA(1), this.LA(2), this.LA(3)];
    if (!this.is(first, t.Reserved)) return false;
    if (DECLARATIONS.has(first.image)) {
      return this.is(second, t.Word) && (this.is(third, t.LeftBrace) || this.is(third, W.of));
    }
    if (LEADING.has(first.image)) return true;
    if (this.is(first, W.count)) return this.is(second, t.Reserved);
    return [W.edges, W.nodes, W.paths, W.complement].some((w) => this.is(first, w)) &&
      this.is(second, W.of);
  }

  /** Skips what is left of a field that failed; always moves on when `from` is where it began. */
  protected skipField(kind: BlockKind, from: number, oneLine: boolean): void {
    const words = t.WORDS_OF[kind];
    let depth = 0;
    for (;;) {
      const next = this.LA(1);
      if (this.is(next, END)) return;
      const moved = this.currentIndex() > from;
      if (this.is(next, t.LeftBrace)) depth++;
      else if (this.is(next, t.RightBrace)) {
        if (depth === 0) return;
        depth--;
      } else if (moved && depth === 0) {
        if (this.startsLine(1) || (oneLine && words.has(next.image))) return;
      } else if (moved && this.startsStatement()) return;
      this.skip();
    }
  }

  /** Skips what is left of a statement that failed. */
  protected skipStatement(from: number, inside: boolean): void {
    let depth = 0;
    for (;;) {
      const next = this.LA(1);
      if (this.is(next, END)) return;
      const moved = this.currentIndex() > from;
      if (moved && this.startsStatement()) return;
      if (this.is(next, t.LeftBrace)) depth++;
      else if (this.is(next, t.RightBrace)) {
        if (depth === 0 && inside) return;
        depth--;
        this.skip();
        if (depth <= 0) return;
        continue;
      } else if (moved && depth === 0 && this.startsLine(1) && !this.fieldLike()) return;
      this.skip();
    }
  }

  /** True if the next line looks like a field of the block whose opening failed. */
  protected fieldLike(): boolean {
    return ALL_FIELD_WORDS.has(this.LA(1).image) && !this.is(this.LA(2), END);
  }

  /** The fields of a block, from its opening brace to its closing one. */
  protected block<T extends Field>(kind: BlockKind, rule: ParserMethod<[], T>): Body<T> {
    const open = this.CONSUME(t.LeftBrace);
    const fields: T[] = [];
    if (this.RECORDING_PHASE) {
      this.MANY(() => this.SUBRULE(rule));
      this.CONSUME(t.RightBrace);
      return { fields, damaged: false, body: { start: 0, end: 0 } };
    }
    let damaged = false;
    const outer = this.fieldWords;
    for (;;) {
      const next = this.LA(1);
      if (this.is(next, t.RightBrace)) {
        this.CONSUME(t.RightBrace);
        break;
      }
      if (this.is(next, END) || this.leavesBlock(open, kind)) {
        this.reportOpen(open);
        damaged = true;
        break;
      }
      if (this.exhausted) {
        this.skip();
        continue;
      }
      const from = this.currentIndex();
      const oneLine = !this.text.slice(open.startOffset, next.startOffset).includes("\n");
      if (!t.WORDS_OF[kind].has(next.image) && !this.correctField(kind, next)) {
        damaged = true;
        this.skip();
        this.skipField(kind, this.currentIndex(), oneLine);
        continue;
      }
      try {
        this.fieldWords = t.WORDS_OF[kind];
        fields.push(this.SUBRULE(rule));
      } catch (thrown) {
        this.report(thrown);
        damaged = true;
        this.skipField(kind, from, oneLine);
      } finally {
        this.fieldWords = outer;
      }
      if (this.quiet) damaged = true;
      this.quiet = false;
    }
    return { fields, damaged, body: this.span(open.startOffset) };
  }

  /** True if the next token begins a statement that stands no deeper than the block's own line. */
  protected leavesBlock(open: IToken, kind: BlockKind): boolean {
    const next = this.LA(1);
    return !t.WORDS_OF[kind].has(next.image) && this.startsStatement() &&
      this.indentOf(next) <= this.indentOf(open);
  }

  /** Indentation of the line of a token, in columns. */
  protected indentOf(token: IToken): number {
    const start = this.text.lastIndexOf("\n", token.startOffset - 1) + 1;
    return /^[ \t]*/.exec(this.text.slice(start, start + 200))![0].length;
  }

  protected reportOpen(open: IToken): void {
    if (this.is(this.LA(1), END)) {
      // Of several open braces the innermost is reported, once.
      if (this.incomplete) return;
      this.incomplete = true;
    }
    this.note(
      { start: open.startOffset, end: open.startOffset + 1 },
      "this brace is never closed",
      "add `}` where the block ends",
    );
  }

  /** Reports a word that is no field of the block; true when it could be read as the nearest one. */
  protected correctField(kind: BlockKind, token: IToken): boolean {
    const words = FIELD_WORDS[kind];
    const span = nameOf(token).span;
    if (!this.is(token, t.Word) && !this.is(token, t.Reserved)) {
      this.note(
        span,
        `expected a field of the ${kind}, found \`${shortened(token.image)}\``,
        `the fields are ${words.join(", ")}`,
      );
      return false;
    }
    const near = nearest(token.image, words);
    this.note(
      span,
      `a ${kind} has no field \`${token.image}\``,
      STATEMENTS.has(token.image)
        ? "statements stand outside of blocks"
        : near
        ? `did you mean \`${near}\`?`
        : `the fields are ${words.join(", ")}`,
    );
    if (STATEMENTS.has(token.image)) return false;
    if (near) this.respell(near);
    return near !== undefined;
  }

  /** A lone word that begins no statement and is followed, on its line, by what cannot continue it. */
  protected isStray(token: IToken, sameLine: boolean): boolean {
    if (this.is(token, t.Reserved)) return !STATEMENTS.has(token.image);
    if (!this.is(token, t.Word)) return false;
    const second = this.LA(2);
    if (this.is(second, END) || this.startsLine(2) || this.is(second, t.RightBrace)) {
      return sameLine;
    }
    return BEHIND_STRAY.some((type) => this.is(second, type)) ||
      (this.is(second, t.Reserved) && !CONTINUING.has(second.image));
  }

  protected correctStatement(token: IToken, sameLine: boolean): boolean {
    const span = nameOf(token).span;
    if (sameLine || this.is(token, t.Reserved)) {
      const near = sameLine ? nearest(token.image, t.JOINING_WORDS) : undefined;
      this.note(
        span,
        `\`${token.image}\` does not continue the statement and does not begin one`,
        near && near !== token.image
          ? `did you mean \`${near}\`?`
          : this.is(token, t.Reserved)
          ? "the order of the parts is: where, group by, order by, limit"
          : "write each statement on a line of its own",
      );
      return false;
    }
    const near = nearest(token.image, t.STATEMENT_WORDS);
    this.note(
      span,
      `unknown statement \`${token.image}\``,
      near
        ? `did you mean \`${near}\`?`
        : `a statement begins with one of ${t.STATEMENT_WORDS.join(", ")}`,
    );
    if (near) this.respell(near);
    return near !== undefined;
  }

  /** The name that a statement declares; a reserved word is reported, and taken all the same. */
  protected declaredName = this.RULE("declaredName", (): Name => {
    if (!this.RECORDING_PHASE) {
      const next = this.LA(1);
      const end = this.is(next, W.from) || this.is(next, W.to);
      if (end || (this.is(next, t.Reserved) && !this.startsLine(1))) {
        const { span } = nameOf(next);
        if (!this.quiet) {
          this.note(
            span,
            `\`${next.image}\` is a word of the language and cannot be a name`,
            `for instance \`my_${next.image}\``,
          );
        }
        this.skip();
        return nameOf(next);
      }
    }
    return nameOf(this.CONSUME(t.Word));
  });
}

export const END = EOF;
/** Tokens that cannot follow a name that is an expression. */
const BEHIND_STRAY = [
  t.Word,
  t.NumberToken,
  t.TextToken,
  t.LeftBrace,
  t.LeftBracket,
  t.Comma,
  t.ComponentToken,
];
const CONTINUING: ReadonlySet<string> = new Set(["and", "or", "in", "without", "above", "under"]);
const ALL_FIELD_WORDS: ReadonlySet<string> = new Set(Object.values(FIELD_WORDS).flat());
