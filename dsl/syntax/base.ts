/**
 * Parts that all rules of the grammar share: spans, limits, brackets, names and texts.
 *
 * The rules build tree records as they go. Chevrotain first *records* every rule with stand-in
 * tokens and results, so a rule never looks into the result of a sub-rule.
 *
 * @module
 */
import {
  EmbeddedActionsParser,
  type IToken,
  tokenMatcher,
  type TokenType,
} from "../../base/packages/chevrotain.ts";
import { LazyLookahead } from "./lookahead.ts";
import * as t from "./tokens.ts";
import { readText } from "./text.ts";
import type { Component, Name, Path, Pattern, Span, TextLiteral } from "./tree.ts";
import { expectedMessages, Problem, quoted } from "./problems.ts";

/** Deepest nesting of brackets, braces and prefixes. */
export const DEEPEST = 32;
/** Most operators of a statement: a chain becomes a tree as deep as it is long. */
export const MOST_OPERATORS = 400;

const NO_WORDS: ReadonlySet<string> = new Set();

export abstract class ParserBase extends EmbeddedActionsParser {
  protected text = "";
  /** Field words of the block at hand: first on a line, they begin a field rather than a value. */
  protected fieldWords: ReadonlySet<string> = NO_WORDS;
  protected operators = 0;
  protected depth = 0;

  constructor(skipValidations: boolean) {
    super([...t.VOCABULARY], {
      maxLookahead: 2,
      lookaheadStrategy: new LazyLookahead({ maxLookahead: 2 }),
      recoveryEnabled: false,
      skipValidations,
      errorMessageProvider: expectedMessages,
    });
  }

  // -------------------------------------------------------------- helpers

  protected offset(): number {
    return this.LA(1).startOffset;
  }

  /** From an offset to the end of the last token. */
  protected span(start: number): Span {
    const last = this.LA(0);
    // A mended token may be longer than the text that it replaces.
    const end = Math.min(last.startOffset + last.image.length, this.text.length);
    return { start, end: Math.max(start, end) };
  }

  protected is(token: IToken, type: TokenType): boolean {
    return tokenMatcher(token, type);
  }

  /** True if a token is the first on its line. */
  protected startsLine(distance: number): boolean {
    const token = this.LA(distance);
    const before = this.LA(distance - 1);
    if (before.image === "" || token.image === "") return true;
    const from = before.startOffset + before.image.length;
    return this.text.slice(from, token.startOffset).includes("\n");
  }

  /** Counts what has no brackets to limit it; called at the start of each statement. */
  protected resetLimits(): void {
    this.operators = 0;
    this.depth = 0;
  }

  protected countOperator(): void {
    if (!this.RECORDING_PHASE && ++this.operators > MOST_OPERATORS) {
      throw new Problem(
        this.span(this.LA(0).startOffset),
        `more than ${MOST_OPERATORS} operators in one statement`,
        "name parts of it with `let`",
      );
    }
  }

  protected nested<T>(parse: () => T): T {
    if (!this.RECORDING_PHASE && this.depth >= DEEPEST) {
      const next = this.LA(1).image === "" ? this.LA(0) : this.LA(1);
      throw new Problem(
        { start: next.startOffset, end: next.startOffset + next.image.length },
        `nested more than ${DEEPEST} deep`,
      );
    }
    this.depth++;
    try {
      return parse();
    } finally {
      this.depth--;
    }
  }

  /** Parses what stands in brackets, where field words are names like any other. */
  protected bracketed<T>(parse: () => T): T {
    const words = this.fieldWords;
    this.fieldWords = NO_WORDS;
    try {
      return parse();
    } finally {
      this.fieldWords = words;
    }
  }

  /** A value is missing at the end of a line when the next line begins with a field. */
  protected refuseField(): void {
    if (this.RECORDING_PHASE || this.fieldWords.size === 0) return;
    const next = this.LA(1);
    if (!this.fieldWords.has(next.image) || !this.startsLine(1)) return;
    const before = this.LA(0);
    throw new Problem(nameOf(before).span, `expected a value after \`${before.image}\``);
  }

  /** Consumes a closing bracket; when it is not there, the opening one is often the place to look. */
  protected close(open: IToken, type: TokenType, separated = false): void {
    if (!this.RECORDING_PHASE && !this.is(this.LA(1), type)) {
      const next = this.LA(1);
      if (next.image === "" || this.startsLine(1) || this.is(next, t.RightBrace)) {
        throw new Problem(
          { start: open.startOffset, end: open.startOffset + open.image.length },
          `this \`${open.image}\` is never closed`,
          `add \`${type.PATTERN}\``,
        );
      }
      if (separated) {
        throw new Problem(
          nameOf(next).span,
          `expected \`,\` or \`${type.PATTERN}\`, found ${quoted(next)}`,
        );
      }
    }
    this.CONSUME(type);
  }

  /** Consumes one of several tokens; at most once in a rule, and beside no `OR`. */
  protected oneOf(...types: readonly TokenType[]): IToken {
    return this.OR(types.map((type) => ({ ALT: () => this.CONSUME(type) })));
  }

  // -------------------------------------------------------------- names, paths, texts

  protected name = this.RULE("name", (): Name => {
    this.refuseField();
    const token = this.CONSUME(t.Word);
    return nameOf(token);
  });

  protected path = this.RULE("path", (): Path => {
    this.refuseField();
    const parts: Name[] = [];
    const start = this.offset();
    parts.push(nameOf(this.CONSUME(t.Word)));
    this.MANY(() => {
      this.CONSUME(t.Dot);
      const part = this.OR([
        { ALT: () => this.CONSUME1(t.Word) },
        { ALT: () => this.CONSUME(t.Reserved) },
      ]);
      parts.push(nameOf(part));
    });
    return {
      kind: "Path",
      parts,
      text: parts.map((part) => part.text).join("."),
      span: this.span(start),
    };
  });

  protected pattern = this.RULE("pattern", (): Pattern =>
    this.OR({
      DEF: [
        { ALT: () => this.componentOf(this.CONSUME(t.ComponentToken)) },
        { ALT: () => this.SUBRULE(this.path) },
      ],
      ERR_MSG: "a component such as `a3.h1`, `m2`, `a3.*` or `logits`",
    }));

  protected componentOf(token: IToken): Component {
    return { kind: "Component", text: token.image, span: this.span(token.startOffset) };
  }

  protected textLiteral = this.RULE("textLiteral", (): TextLiteral => {
    const token = this.CONSUME(t.TextToken);
    const { value, pieces } = readText(token.image, token.startOffset);
    return {
      kind: "TextLiteral",
      value,
      pieces,
      text: token.image,
      span: this.span(token.startOffset),
    };
  });
}

export function nameOf(token: IToken): Name {
  const start = token.startOffset;
  // While rules are recorded, a choice between tokens has no image.
  const image = token.image ?? "";
  return { kind: "Name", text: image, span: { start, end: start + image.length } };
}

/** The word of a token: its own, or the word that a misspelt one was read as. */
export function wordOf(token: IToken): string {
  return token.tokenType?.PATTERN as string ?? token.image;
}
