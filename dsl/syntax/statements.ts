/**
 * The grammar of statements: the parser as a whole.
 *
 * @module
 */
import type { IToken } from "../../base/packages/chevrotain.ts";
import * as t from "./tokens.ts";
import { W } from "./tokens.ts";
import { nameOf } from "./base.ts";
import { CircuitFieldParser } from "./circuit_fields.ts";
import { Problem } from "./problems.ts";
import { END } from "./recovery.ts";
import type { Expression, Name, Statement } from "./tree.ts";

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

  protected statement = this.RULE("statement", (): Statement =>
    this.OR([
      { ALT: () => this.SUBRULE(this.modelDeclaration) },
      { ALT: () => this.SUBRULE(this.taskDeclaration) },
      { ALT: () => this.SUBRULE(this.corruptionDeclaration) },
      { ALT: () => this.SUBRULE(this.scheduleDeclaration) },
      { ALT: () => this.SUBRULE(this.circuitDeclaration) },
      { ALT: () => this.SUBRULE(this.programDeclaration) },
      { ALT: () => this.SUBRULE(this.letStatement) },
      { ALT: () => this.SUBRULE(this.importStatement) },
      { ALT: () => this.SUBRULE(this.sweepStatement) },
      { ALT: () => this.SUBRULE(this.plotStatement) },
      { ALT: () => this.SUBRULE(this.saveStatement) },
      { ALT: () => this.SUBRULE(this.expectStatement) },
      { ALT: () => this.SUBRULE(this.showStatement) },
    ]));

  protected modelDeclaration = this.RULE("modelDeclaration", (): Statement => {
    const start = this.CONSUME(W.model).startOffset;
    const name = this.SUBRULE(this.declaredName);
    const body = this.block("model", this.modelField);
    return {
      kind: "ModelDeclaration",
      name,
      doc: this.docs(start),
      ...body,
      span: this.span(start),
    };
  });

  protected taskDeclaration = this.RULE("taskDeclaration", (): Statement => {
    const start = this.CONSUME(W.task).startOffset;
    const name = this.SUBRULE(this.declaredName);
    const body = this.block("task", this.taskField);
    return {
      kind: "TaskDeclaration",
      name,
      doc: this.docs(start),
      ...body,
      span: this.span(start),
    };
  });

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

  protected scheduleDeclaration = this.RULE("scheduleDeclaration", (): Statement => {
    const start = this.CONSUME(W.schedule).startOffset;
    const name = this.SUBRULE(this.declaredName);
    const body = this.block("schedule", this.scheduleField);
    return {
      kind: "ScheduleDeclaration",
      name,
      doc: this.docs(start),
      ...body,
      span: this.span(start),
    };
  });

  protected circuitDeclaration = this.RULE("circuitDeclaration", (): Statement => {
    const start = this.CONSUME(W.circuit).startOffset;
    const name = this.SUBRULE(this.declaredName);
    const body = this.block("circuit", this.circuitField);
    return {
      kind: "CircuitDeclaration",
      name,
      doc: this.docs(start),
      ...body,
      span: this.span(start),
    };
  });

  protected programDeclaration = this.RULE("programDeclaration", (): Statement => {
    const start = this.CONSUME(W.program).startOffset;
    const name = this.SUBRULE(this.declaredName);
    const body = this.block("program", this.programField);
    return {
      kind: "ProgramDeclaration",
      name,
      doc: this.docs(start),
      ...body,
      span: this.span(start),
    };
  });

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
    const variables: { name: Name; values: Expression }[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: t.Comma,
      DEF: () => {
        const name = this.SUBRULE(this.declaredName);
        this.CONSUME(W.from);
        const values = this.SUBRULE(this.value);
        variables.push({ name, values });
      },
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
      this.OR([
        { ALT: () => this.CONSUME(t.Word) },
        { ALT: () => this.CONSUME(W.overlap) },
      ]),
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
