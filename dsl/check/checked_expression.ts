/** Records of the checked program: expressions, and values that are left open. See `program.ts`. @module */
import type { Ablation } from "../../runtime/universe/ablations.ts";
import type { Query } from "../../runtime/circuits/mod.ts";
import type { Split } from "../../runtime/tasks/mod.ts";
import type { numberFunctions } from "../reference/number_functions.ts";
import type { Repeat } from "../reference/repeats.ts";
import type { BinaryOperator } from "../syntax/tree.ts";
import type { Span } from "../text/source.ts";
import type { Bounds } from "./messages.ts";
import type { Symbol, Typed } from "./symbols.ts";

/** A piece of a script: a name or a text where it stands. */
export interface Piece {
  readonly text: string;
  readonly span: Span;
}

/** The name of a file that a script writes: pieces of text, and names of numbers and texts whose values stand there. */
export interface FileName extends Piece {
  readonly parts: readonly (string | Symbol)[];
}

/** A name where it stands, and the declaration that it means. */
export interface Use {
  readonly symbol: Symbol;
  readonly span: Span;
}

/** An expression with its type, of one kind; names in it are declarations. */
export type ExpressionOf<K extends keyof Kinds> =
  & Typed
  & { readonly kind: K; readonly span: Span }
  & Readonly<Kinds[K]>;

export type CheckedExpression = { readonly [K in keyof Kinds]: ExpressionOf<K> }[keyof Kinds];

interface OfCircuit {
  readonly circuit: CheckedExpression;
}

/** Parts of the expressions of each kind. */
interface Kinds {
  number: {
    number: number;
    percent: boolean;
    /** As it is written: `02` has two digits. */
    spelling: string;
  };
  text: { text: string };
  truth: { truth: boolean };
  list: { items: readonly CheckedExpression[] };
  range: { from: CheckedExpression; to: CheckedExpression };
  lines: { file: Piece };
  name: { symbol: Symbol };
  negative: { operand: CheckedExpression };
  not: { operand: CheckedExpression };
  binary: {
    operator: BinaryOperator;
    operatorSpan: Span;
    left: CheckedExpression;
    right: CheckedExpression;
  };
  function: {
    name: keyof typeof numberFunctions;
    arguments: readonly CheckedExpression[];
  };
  property: OfCircuit & { name: string };
  measure: OfCircuit & { metric: string; occasion: Occasion };
  without: OfCircuit & { selections: readonly SelectedEdges[] };
  above: OfCircuit & { least: Open<number> };
  /** `amount` is a share or a number of edges. */
  top: OfCircuit & { amount: CheckedExpression };
  complement: OfCircuit;
  under: OfCircuit & { ablation: Ablation };
  query: OfCircuit & { query: Open<Query> };
  overlap: { circuits: readonly CheckedExpression[] };
  stability: OfCircuit & { count: Open<number>; over: Repeat; overSpan: Span };
  run: OfCircuit & { prompt: Piece; corrupted: Piece | undefined };
  evaluate: Measured & { against: CheckedExpression | undefined; over: Use | undefined };
  compare: Measured;
  /** It is wrong, and was reported. */
  wrong: unknown;
}

/** Edges from one pattern to another, or all of one pattern's. */
export interface SelectedEdges {
  readonly from: string;
  readonly to: string | undefined;
  readonly span: Span;
}

/** Circuits that are measured, on which occasion and by which metrics. */
export interface Measured {
  readonly circuits: readonly CheckedExpression[];
  readonly occasion: Occasion;
  readonly metrics: readonly string[];
}

/** The examples that circuits are measured on; what is left out is the circuit's own. */
export interface Occasion {
  readonly task: Use | undefined;
  readonly split: Split;
  readonly corruption: Use | undefined;
  /** Corruptions that can be seen there: a task that has one of them leaves nothing to choose. */
  readonly corruptions: readonly Symbol[];
}

/** An expression whose value only running tells. */
export interface Later {
  /**
   * Use of the value: a number within bounds; a number or text as it is written; plain values of a list, a range or
   * a file, as texts or as tokens of a program; or values of a group of variables.
   */
  readonly later: "number" | "spelling" | "item" | "texts" | "tokens" | "group";
  readonly expression: CheckedExpression;
  readonly bounds?: Bounds;
  /** Of a group: its variables. */
  readonly names?: readonly string[];
}

/** A record with values that are known, and expressions for those that only running tells. */
export type Open<T> = T extends object ? T | Later | { readonly [K in keyof T]: Open<T[K]> }
  : T | Later;
