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
  NodeOf,
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
export interface Program extends NodeOf<"Program"> {
  readonly file: string;
  readonly statements: readonly Statement[];
  readonly comments: readonly Comment[];
}

interface Declaration<Kind extends string, Fields> extends NodeOf<Kind> {
  readonly name: Name;
  /** The `##` lines above, joined by newlines. */
  readonly doc: string | undefined;
  readonly fields: readonly Fields[];
  /** From the opening brace to the closing one. */
  readonly body: Span;
  /** Some field could not be parsed, so nothing can be said about fields that seem to be missing. */
  readonly damaged: boolean;
}

export type ModelDeclaration = Declaration<"ModelDeclaration", ModelField>;
export type TaskDeclaration = Declaration<"TaskDeclaration", TaskField>;
export type ScheduleDeclaration = Declaration<"ScheduleDeclaration", ScheduleField>;
export type CircuitDeclaration = Declaration<"CircuitDeclaration", CircuitField>;
export type ProgramDeclaration = Declaration<"ProgramDeclaration", ProgramField>;

export interface CorruptionDeclaration
  extends Declaration<"CorruptionDeclaration", CorruptionField> {
  readonly task: Name;
}

export interface LetStatement extends NodeOf<"LetStatement"> {
  readonly name: Name;
  readonly value: Expression;
  readonly doc: string | undefined;
}

export interface ImportStatement extends NodeOf<"ImportStatement"> {
  readonly file: TextLiteral;
}

/** `sweep target from [94%, 96%], seed from 1..3 { ... }`. */
export interface SweepStatement extends NodeOf<"SweepStatement"> {
  readonly variables: readonly { readonly name: Name; readonly values: Expression }[];
  readonly statements: readonly Statement[];
  readonly body: Span;
  readonly damaged: boolean;
}

/** `plot faithfulness of ep, hint on ioi.test to "ioi.svg"`. */
export interface PlotStatement extends NodeOf<"PlotStatement"> {
  readonly what: Name;
  readonly circuits: readonly Expression[];
  readonly on: Path | undefined;
  readonly corruption: Name | undefined;
  readonly by: readonly Name[];
  /** The variable of a sweep that is the horizontal axis. */
  readonly over: Name | undefined;
  readonly file: TextLiteral;
}

/** `save ep to "ioi.circuit.json"`. */
export interface SaveStatement extends NodeOf<"SaveStatement"> {
  readonly value: Expression;
  readonly file: TextLiteral;
}

/** `expect kl(ep) < 0.25`. */
export interface ExpectStatement extends NodeOf<"ExpectStatement"> {
  readonly condition: Expression;
}

/** An expression as a statement, queries included: its value is shown. */
export interface ShowStatement extends NodeOf<"ShowStatement"> {
  readonly value: Expression;
}

/** A statement that could not be parsed. The names it may have declared are not reported as unknown. */
export interface BrokenStatement extends NodeOf<"BrokenStatement"> {
  readonly names: readonly string[];
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
