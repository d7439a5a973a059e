/** The grammar of statements: the parser as a whole. @module */
import type { IToken } from "../../base/packages/chevrotain.ts";
import * as t from "./tokens.ts";
import type { BlockKind } from "./tokens.ts";
import { nameOf } from "./base.ts";
import { FieldParser } from "./fields.ts";
import { STATEMENTS } from "./forms.ts";
import { END } from "./recovery.ts";
import type { Field, Statement } from "./tree.ts";

export class StatementParser extends FieldParser {
  constructor(skipValidations: boolean) {
    super(skipValidations);
    this.performSelfAnalysis();
  }

  /** Parses a token vector; the tokens must not nest deeper than the limit. */
  read(
    text: string,
    tokens: IToken[],
    docs: (offset: number) => string | undefined,
  ): Statement[] {
    this.text = text;
    this.docs = docs;
    this.problems = [];
    this.incomplete = false;
    this.quiet = false;
    this.input = tokens;
    return this.program() ?? [];
  }

  /** Statements up to the end of the text or of the enclosing block. */
  protected statements(open: IToken | undefined): { statements: Statement[]; damaged: boolean } {
    const statements: Statement[] = [];
    let damaged = false;
    let before = -1;
    for (;;) {
      const next = this.LA(1);
      if (this.is(next, END)) {
        if (open) {
          this.reportOpen(open);
          damaged = true;
        }
        break;
      }
      if (open && this.is(next, t.RightBrace)) {
        this.CONSUME(t.RightBrace);
        break;
      }
      if (this.exhausted) {
        this.skip();
        continue;
      }
      if (this.is(next, t.RightBrace)) {
        this.note(nameOf(next).span, "this brace closes nothing", "remove it");
        this.skip();
        continue;
      }
      const from = this.currentIndex();
      const start = next.startOffset;
      const sameLine = from === before && !this.startsLine(1);
      if (this.isStray(next, sameLine) && !this.correctStatement(next, sameLine)) {
        const after = this.LA(2);
        const names = this.is(after, t.Word) ? [after.image] : [];
        this.skip();
        this.skipStatement(this.currentIndex(), open !== undefined);
        statements.push({ kind: "BrokenStatement", names, span: this.span(start) });
        continue;
      }
      const declared = this.is(this.LA(2), t.Word) ? [this.LA(2).image] : [];
      this.resetLimits();
      try {
        statements.push(this.SUBRULE(this.rule<Statement>("statement")));
        before = this.currentIndex();
      } catch (thrown) {
        this.report(thrown);
        damaged = true;
        this.skipStatement(from, open !== undefined);
        statements.push({ kind: "BrokenStatement", names: declared, span: this.span(start) });
      }
      this.quiet = false;
    }
    return { statements, damaged };
  }

  program = this.RULE("program", (): Statement[] => {
    if (this.RECORDING_PHASE) {
      this.MANY(() => this.SUBRULE(this.rule<Statement>("statement")));
      return [];
    }
    return this.statements(undefined).statements;
  });

  protected statementRules = this.define(STATEMENTS);

  protected braces(of: BlockKind | "statements"): object {
    if (of !== "statements") return this.block(of, this.rule<Field>(`${of}Field`));
    const open = this.CONSUME(t.LeftBrace);
    let inside: { statements: Statement[]; damaged: boolean } = { statements: [], damaged: false };
    if (this.RECORDING_PHASE) {
      this.MANY(() => this.SUBRULE(this.rule<Statement>("statement")));
      this.CONSUME(t.RightBrace);
    } else inside = this.statements(open);
    return { ...inside, body: this.span(open.startOffset) };
  }
}
