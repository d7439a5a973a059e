/**
 * The syntax tree of a `.circ` script: plain records, each with the span of text that it came from.
 *
 * Every record has a `kind` that is unique in the language, so that checks, the formatter and the
 * editor are tables from kind to function. The tree keeps what was written (spelling of numbers,
 * parentheses, order of fields); what it means is the checker's business.
 *
 * @module
 */
import type {
  Comment,
  Expression,
  Name,
  OrderKey,
  Path,
  Selection,
  Span,
  TextLiteral,
} from "./tree_expressions.ts";
import type {
  CircuitField,
  CorruptionField,
  Field,
  ModelField,
  ProgramField,
  ScheduleField,
  StepCount,
  TaskField,
} from "./tree_fields.ts";

export type * from "./tree_expressions.ts";
export type * from "./tree_fields.ts";

/** A whole file. */
export interface Program {
  readonly kind: "Program";
  readonly file: string;
  readonly statements: readonly Statement[];
  readonly comments: readonly Comment[];
  readonly span: Span;
}

interface Declaration {
  readonly name: Name;
  /** The `##` lines above, joined by newlines. */
  readonly doc: string | undefined;
  /** From the opening brace to the closing one. */
  readonly body: Span;
  /** Some field could not be parsed, so nothing can be said about fields that seem to be missing. */
  readonly damaged: boolean;
  readonly span: Span;
}

export interface ModelDeclaration extends Declaration {
  readonly kind: "ModelDeclaration";
  readonly fields: readonly ModelField[];
}

export interface TaskDeclaration extends Declaration {
  readonly kind: "TaskDeclaration";
  readonly fields: readonly TaskField[];
}

export interface CorruptionDeclaration extends Declaration {
  readonly kind: "CorruptionDeclaration";
  readonly task: Name;
  readonly fields: readonly CorruptionField[];
}

export interface ScheduleDeclaration extends Declaration {
  readonly kind: "ScheduleDeclaration";
  readonly fields: readonly ScheduleField[];
}

export interface CircuitDeclaration extends Declaration {
  readonly kind: "CircuitDeclaration";
  readonly fields: readonly CircuitField[];
}

export interface ProgramDeclaration extends Declaration {
  readonly kind: "ProgramDeclaration";
  readonly fields: readonly ProgramField[];
}

export interface LetStatement {
  readonly kind: "LetStatement";
  readonly name: Name;
  readonly value: Expression;
  readonly doc: string | undefined;
  readonly span: Span;
}

export interface ImportStatement {
  readonly kind: "ImportStatement";
  readonly file: TextLiteral;
  readonly span: Span;
}

/** `sweep target from [94%, 96%], seed from 1..3 { ... }`. */
export interface SweepStatement {
  readonly kind: "SweepStatement";
  readonly variables: readonly { readonly name: Name; readonly values: Expression }[];
  readonly statements: readonly Statement[];
  readonly body: Span;
  readonly damaged: boolean;
  readonly span: Span;
}

/** `plot faithfulness of ep, hint on ioi.test to "ioi.svg"`. */
export interface PlotStatement {
  readonly kind: "PlotStatement";
  readonly what: Name;
  readonly circuits: readonly Expression[];
  readonly on: Path | undefined;
  readonly corruption: Name | undefined;
  readonly by: readonly Name[];
  readonly file: TextLiteral;
  readonly span: Span;
}

/** `save ep to "ioi.circuit.json"`. */
export interface SaveStatement {
  readonly kind: "SaveStatement";
  readonly value: Expression;
  readonly file: TextLiteral;
  readonly span: Span;
}

/** `expect kl(ep) < 0.25`. */
export interface ExpectStatement {
  readonly kind: "ExpectStatement";
  readonly condition: Expression;
  readonly span: Span;
}

/** An expression as a statement, queries included: its value is shown. */
export interface ShowStatement {
  readonly kind: "ShowStatement";
  readonly value: Expression;
  readonly span: Span;
}

/** A statement that could not be parsed. The names it may have declared are not reported as unknown. */
export interface BrokenStatement {
  readonly kind: "BrokenStatement";
  readonly names: readonly string[];
  readonly span: Span;
}

export type DeclarationStatement =
  | ModelDeclaration
  | TaskDeclaration
  | CorruptionDeclaration
  | ScheduleDeclaration
  | CircuitDeclaration
  | ProgramDeclaration
  | LetStatement;

export type Statement =
  | DeclarationStatement
  | ImportStatement
  | SweepStatement
  | PlotStatement
  | SaveStatement
  | ExpectStatement
  | ShowStatement
  | BrokenStatement;

export type Node =
  | Program
  | Statement
  | Field
  | Expression
  | Name
  | Selection
  | StepCount
  | OrderKey;
