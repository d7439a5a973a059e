/**
 * Records of the syntax tree: names, values, expressions and queries. See `tree.ts`.
 *
 * @module
 */

import type { Span } from "../text/source.ts";

export type { Span };

/** A comment, `#` or `##`; `text` is what follows the signs, trimmed on the right. */
export interface Comment {
  readonly text: string;
  readonly doc: boolean;
  readonly span: Span;
  /** True if it is the first on its line. */
  readonly ownLine: boolean;
}

/** A word used as a name, where it is declared or referred to. */
export interface Name {
  readonly kind: "Name";
  readonly text: string;
  readonly span: Span;
}

/** Words joined by dots: `ioi.test`, `to.layer`; also a component that is a plain word, `m5`. */
export interface Path {
  readonly kind: "Path";
  readonly parts: readonly Name[];
  /** The parts joined by dots. */
  readonly text: string;
  readonly span: Span;
}

/** A component or a pattern of components, `a3.*`, `a*.h2.q`, `m*`. */
export interface Component {
  readonly kind: "Component";
  readonly text: string;
  readonly span: Span;
}

/** A component or pattern as written; the checker decides whether a path such as `m5` or `logits` is one. */
export type Pattern = Component | Path;

/** A number; `value` has the unit applied: `98%` is 0.98. `text` is the spelling (`02` has two digits). */
export interface NumberLiteral {
  readonly kind: "NumberLiteral";
  readonly value: number;
  readonly percent: boolean;
  readonly text: string;
  readonly span: Span;
}

/** A stretch of a text: characters as they are (escapes undone), or a `{variable}`. */
export type Piece =
  | { readonly kind: "Characters"; readonly text: string }
  | { readonly kind: "Variable"; readonly name: string; readonly span: Span }
  /** A brace that is neither doubled nor part of a `{variable}`. */
  | { readonly kind: "Stray"; readonly text: string; readonly span: Span };

/** `"..."`. Whether `{A}` is a variable or two braces depends on the place: `value` keeps the braces. */
export interface TextLiteral {
  readonly kind: "TextLiteral";
  /** Escapes undone, braces kept. */
  readonly value: string;
  /** The same, cut at variables; `{{` and `}}` are braces. */
  readonly pieces: readonly Piece[];
  /** As written, quotes included. */
  readonly text: string;
  readonly span: Span;
}

/** `true` or `false` are names too; the checker knows them. */
export interface ListLiteral {
  readonly kind: "ListLiteral";
  readonly items: readonly Expression[];
  readonly span: Span;
}

/** `11..17`, both ends included. */
export interface RangeExpression {
  readonly kind: "RangeExpression";
  readonly from: Expression;
  readonly to: Expression;
  readonly span: Span;
}

export interface CallExpression {
  readonly kind: "CallExpression";
  readonly callee: Name;
  readonly arguments: readonly Expression[];
  readonly span: Span;
}

export type ComparisonOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** A comparison used as an argument: `select(tokens, indices, ==)`. */
export interface OperatorArgument {
  readonly kind: "OperatorArgument";
  readonly operator: ComparisonOperator;
  readonly span: Span;
}

/** An expression in parentheses. */
export interface GroupExpression {
  readonly kind: "GroupExpression";
  readonly inner: Expression;
  readonly span: Span;
}

export interface UnaryExpression {
  readonly kind: "UnaryExpression";
  readonly operator: "-" | "not";
  readonly operand: Expression;
  readonly span: Span;
}

export type BinaryOperator =
  | "or"
  | "and"
  | ComparisonOperator
  | "in"
  | "+"
  | "-"
  | "|"
  | "&"
  | "*"
  | "/";

/** From loosest to tightest: `or`; `and`; `not`; comparisons and `in`; `+ - |`; `& * /`. */
export interface BinaryExpression {
  readonly kind: "BinaryExpression";
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

/** A component pattern, or an edge pattern `a0.* -> m3`. */
export interface Selection {
  readonly kind: "Selection";
  readonly from: Pattern;
  readonly to: Pattern | undefined;
  readonly span: Span;
}

/** `ep without a2.h3`, `ep without [a0.* -> m3, m1]`. */
export interface WithoutExpression {
  readonly kind: "WithoutExpression";
  readonly circuit: Expression;
  readonly selections: readonly Selection[];
  /** True if the selections are in brackets. */
  readonly bracketed: boolean;
  readonly span: Span;
}

/** `ep above 0.5`: the edges whose score is greater. */
export interface AboveExpression {
  readonly kind: "AboveExpression";
  readonly circuit: Expression;
  readonly threshold: Expression;
  readonly span: Span;
}

/** `top 100 of ep`, `top 2% of ep`. */
export interface TopExpression {
  readonly kind: "TopExpression";
  readonly amount: Expression;
  readonly circuit: Expression;
  readonly span: Span;
}

/** `complement of ep`. */
export interface ComplementExpression {
  readonly kind: "ComplementExpression";
  readonly circuit: Expression;
  readonly span: Span;
}

export interface OrderKey {
  readonly kind: "OrderKey";
  readonly field: Path;
  /** `undefined` when neither `asc` nor `desc` was written: ascending. */
  readonly direction: "asc" | "desc" | undefined;
  readonly span: Span;
}

/** `edges of ...`, `nodes of ...`, `paths of ...`, and the same after `count`. */
export interface ListQuery {
  readonly kind: "ListQuery";
  readonly what: "edges" | "nodes" | "paths";
  readonly count: boolean;
  readonly circuit: Expression;
  /** Ends and way points; only of paths. */
  readonly from: Pattern | undefined;
  readonly to: Pattern | undefined;
  readonly via: readonly Pattern[];
  readonly where: Expression | undefined;
  /** Only with `count`. */
  readonly groupBy: readonly Path[];
  readonly orderBy: readonly OrderKey[];
  readonly limit: Expression | undefined;
  readonly span: Span;
}

/** `why a3.h1 in ep`. */
export interface WhyQuery {
  readonly kind: "WhyQuery";
  readonly node: Pattern;
  readonly circuit: Expression;
  readonly span: Span;
}

/** `overlap ep, hint`. */
export interface OverlapQuery {
  readonly kind: "OverlapQuery";
  readonly circuits: readonly Expression[];
  readonly span: Span;
}

/** `stability of ep over 5 seeds`. */
export interface StabilityQuery {
  readonly kind: "StabilityQuery";
  readonly circuit: Expression;
  readonly count: Expression;
  /** `seeds` or `resamples`. */
  readonly over: Name;
  readonly span: Span;
}

/** `run ep on "..." corrupted "..."`. */
export interface RunQuery {
  readonly kind: "RunQuery";
  readonly circuit: Expression;
  readonly prompt: TextLiteral;
  readonly corrupted: TextLiteral | undefined;
  readonly span: Span;
}

/** `evaluate a, b on ioi.test corrupted by c against truth by kl`. */
export interface EvaluateQuery {
  readonly kind: "EvaluateQuery";
  readonly circuits: readonly Expression[];
  readonly on: Path | undefined;
  readonly corruption: Name | undefined;
  readonly against: Expression | undefined;
  readonly by: readonly Name[];
  readonly span: Span;
}

/** `compare a, b on ioi.test by kl`. */
export interface CompareQuery {
  readonly kind: "CompareQuery";
  readonly circuits: readonly Expression[];
  readonly on: Path | undefined;
  readonly corruption: Name | undefined;
  readonly by: readonly Name[];
  readonly span: Span;
}

export type Query =
  | ListQuery
  | WhyQuery
  | OverlapQuery
  | StabilityQuery
  | RunQuery
  | EvaluateQuery
  | CompareQuery;

export type Expression =
  | NumberLiteral
  | TextLiteral
  | ListLiteral
  | RangeExpression
  | CallExpression
  | OperatorArgument
  | GroupExpression
  | UnaryExpression
  | BinaryExpression
  | WithoutExpression
  | AboveExpression
  | TopExpression
  | ComplementExpression
  | Component
  | Path
  | Query;
