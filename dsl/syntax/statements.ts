/**
 * The grammar of statements: the parser as a whole.
 *
 * @module
 */
import type { IToken, ParserMethod } from "../../base/packages/chevrotain.ts";
import * as t from "./tokens.ts";
import { type BlockKind, W } from "./tokens.ts";
import { nameOf } from "./base.ts";
import { CircuitFieldParser } from "./circuit_fields.ts";
import { Problem } from "./problems.ts";
import { END } from "./recovery.ts";
import type { Field, Name, Statement } from "./tree.ts";

export class StatementParser extends CircuitFieldParser {
  protected docs: (offset: number) => string | undefined = () => undefined;

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
        this.note(
          new Problem(nameOf(next).span, "this brace closes nothing", "remove it"),
        );
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
        statements.push(this.SUBRULE(this.statement));
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
      this.MANY(() => this.SUBRULE(this.statement));
      return [];
    }
    return this.statements(undefined).statements;
  });

  protected statement = this.choiceRule<Statement>("statement", () => [
    this.modelDeclaration,
    this.taskDeclaration,
    this.corruptionDeclaration,
    this.scheduleDeclaration,
    this.circuitDeclaration,
    this.programDeclaration,
    this.letStatement,
    this.importStatement,
    this.sweepStatement,
    this.plotStatement,
    this.saveStatement,
    this.expectStatement,
    this.showStatement,
  ]);

  /** `KIND NAME { FIELDS }`. */
  protected declaration<K extends string, F extends Field>(
    kind: K,
    word: BlockKind,
    field: ParserMethod<[], F>,
  ) {
    const start = this.CONSUME(W[word]).startOffset;
    const name = this.SUBRULE(this.declaredName);
    const body = this.block(word, field);
    return { kind, name, doc: this.docs(start), ...body, span: this.span(start) };
  }

  protected modelDeclaration = this.RULE(
    "modelDeclaration",
    (): Statement => this.declaration("ModelDeclaration", "model", this.modelField),
  );

  protected taskDeclaration = this.RULE(
    "taskDeclaration",
    (): Statement => this.declaration("TaskDeclaration", "task", this.taskField),
  );

  protected corruptionDeclaration = this.RULE("corruptionDeclaration", (): Statement => {
    const start = this.CONSUME(W.corruption).startOffset;
    const name = this.SUBRULE(this.declaredName);
    this.CONSUME(W.of);
    const task = this.SUBRULE(this.taskName);
    const body = this.block("corruption", this.corruptionField);
    return {
      kind: "CorruptionDeclaration",
      name,
      task,
      doc: this.docs(start),
      ...body,
      span: this.span(start),
    };
  });

  protected scheduleDeclaration = this.RULE(
    "scheduleDeclaration",
    (): Statement => this.declaration("ScheduleDeclaration", "schedule", this.scheduleField),
  );

  protected circuitDeclaration = this.RULE(
    "circuitDeclaration",
    (): Statement => this.declaration("CircuitDeclaration", "circuit", this.circuitField),
  );

  protected programDeclaration = this.RULE(
    "programDeclaration",
    (): Statement => this.declaration("ProgramDeclaration", "program", this.programField),
  );

  protected letStatement = this.RULE("letStatement", (): Statement => {
    const start = this.CONSUME(W.let).startOffset;
    const name = this.SUBRULE(this.declaredName);
    this.CONSUME(t.Equals);
    const value = this.SUBRULE(this.expression);
    return { kind: "LetStatement", name, value, doc: this.docs(start), span: this.span(start) };
  });

  protected importStatement = this.RULE("importStatement", (): Statement => {
    const start = this.CONSUME(W.import).startOffset;
    const file = this.SUBRULE(this.textLiteral);
    return { kind: "ImportStatement", file, span: this.span(start) };
  });

  protected sweepStatement = this.RULE("sweepStatement", (): Statement => {
    const start = this.CONSUME(W.sweep).startOffset;
    const variables = this.listed(() => {
      const name = this.SUBRULE(this.declaredName);
      this.CONSUME(W.from);
      const values = this.SUBRULE(this.value);
      return { name, values };
    });
    const open = this.CONSUME(t.LeftBrace);
    let inside: { statements: Statement[]; damaged: boolean } = { statements: [], damaged: false };
    if (this.RECORDING_PHASE) {
      this.MANY(() => this.SUBRULE(this.statement));
      this.CONSUME(t.RightBrace);
    } else inside = this.statements(open);
    return {
      kind: "SweepStatement",
      variables,
      ...inside,
      body: this.span(open.startOffset),
      span: this.span(start),
    };
  });

  protected plotStatement = this.RULE("plotStatement", (): Statement => {
    const start = this.CONSUME(W.plot).startOffset;
    const what = this.SUBRULE(this.plotName);
    this.CONSUME(W.of);
    const circuits = this.SUBRULE(this.circuits);
    const on = this.OPTION(() => this.SUBRULE(this.onClause));
    const corruption = this.OPTION1(() => this.SUBRULE(this.corruptedClause));
    const by = this.OPTION2(() => this.SUBRULE(this.byClause)) ?? [];
    this.CONSUME(W.to);
    const file = this.SUBRULE(this.textLiteral);
    return {
      kind: "PlotStatement",
      what,
      circuits,
      on,
      corruption,
      by,
      file,
      span: this.span(start),
    };
  });

  protected plotName = this.RULE("plotName", (): Name =>
    nameOf(
      this.oneOf(t.Word, W.overlap),
    ));

  protected saveStatement = this.RULE("saveStatement", (): Statement => {
    const start = this.CONSUME(W.save).startOffset;
    const value = this.SUBRULE(this.expression);
    this.CONSUME(W.to);
    const file = this.SUBRULE(this.textLiteral);
    return { kind: "SaveStatement", value, file, span: this.span(start) };
  });

  protected expectStatement = this.RULE("expectStatement", (): Statement => {
    const start = this.CONSUME(W.expect).startOffset;
    const condition = this.SUBRULE(this.expression);
    return { kind: "ExpectStatement", condition, span: this.span(start) };
  });

  protected showStatement = this.RULE("showStatement", (): Statement => {
    const start = this.offset();
    const value = this.SUBRULE(this.expression);
    return { kind: "ShowStatement", value, span: this.span(start) };
  });
}
