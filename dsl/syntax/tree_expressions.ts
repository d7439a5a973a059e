/** Records of the syntax tree: names, values, expressions and queries. See `tree.ts`. @module */

import type { Span } from "../text/source.ts";

export type { Span };

/** A record of the tree: its kind, and the text that it came from. */
export interface NodeOf<Kind extends string> {
  readonly kind: Kind;
  readonly span: Span;
}

/** A comment, `#` or `##`; `text` is what follows the signs, trimmed on the right. */
export interface Comment {
  readonly text: string;
  readonly doc: boolean;
  readonly span: Span;
  /** True if it is the first on its line. */
  readonly ownLine: boolean;
}

/** A word used as a name, where it is declared or referred to. */
export interface Name extends NodeOf<"Name"> {
  readonly text: string;
}

/** Words joined by dots: `ioi.test`, `to.layer`; also a component that is a plain word, `m5`. */
export interface Path extends NodeOf<"Path"> {
  readonly parts: readonly Name[];
  /** The parts joined by dots. */
  readonly text: string;
}

/** A component or a pattern of components, `a3.*`, `a*.h2.q`, `m*`. */
export interface Component extends NodeOf<"Component"> {
  readonly text: string;
}

/** A component or pattern as written; the checker decides whether a path such as `m5` or `logits` is one. */
export type Pattern = Component | Path;

/** A number; `value` has the unit applied: `98%` is 0.98. `text` is the spelling (`02` has two digits). */
export interface NumberLiteral extends NodeOf<"NumberLiteral"> {
  readonly value: number;
  readonly percent: boolean;
  readonly text: string;
}

/** A stretch of a text: characters as they are (escapes undone), or a `{variable}`. */
export type Piece =
  | { readonly kind: "Characters"; readonly text: string }
  | { readonly kind: "Variable"; readonly name: string; readonly span: Span }
  /** A brace that is neither doubled nor part of a `{variable}`. */
  | { readonly kind: "Stray"; readonly text: string; readonly span: Span };

/** `"..."`. Whether `{A}` is a variable or two braces depends on the place: `value` keeps the braces. */
export interface TextLiteral extends NodeOf<"TextLiteral"> {
  /** Escapes undone, braces kept. */
  readonly value: string;
  /** The same, cut at variables; `{{` and `}}` are braces. */
  readonly pieces: readonly Piece[];
  /** As written, quotes included. */
  readonly text: string;
}

/** `true` or `false` are names too; the checker knows them. */
export interface ListLiteral extends NodeOf<"ListLiteral"> {
  readonly items: readonly Expression[];
}

/** `11..17`, both ends included. */
export interface RangeExpression extends NodeOf<"RangeExpression"> {
  readonly from: Expression;
  readonly to: Expression;
}

export interface CallExpression extends NodeOf<"CallExpression"> {
  readonly callee: Name;
  readonly arguments: readonly Expression[];
}

export type ComparisonOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** A comparison used as an argument: `select(tokens, indices, ==)`. */
export interface OperatorArgument extends NodeOf<"OperatorArgument"> {
  readonly operator: ComparisonOperator;
}

/** An expression in parentheses. */
export interface GroupExpression extends NodeOf<"GroupExpression"> {
  readonly inner: Expression;
}

export interface UnaryExpression extends NodeOf<"UnaryExpression"> {
  readonly operator: "-" | "not";
  readonly operand: Expression;
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
export interface BinaryExpression extends NodeOf<"BinaryExpression"> {
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
}

/** A component pattern, or an edge pattern `a0.* -> m3`. */
export interface Selection extends NodeOf<"Selection"> {
  readonly from: Pattern;
  readonly to: Pattern | undefined;
}

/** `ep without a2.h3`, `ep without [a0.* -> m3, m1]`. */
export interface WithoutExpression extends NodeOf<"WithoutExpression"> {
  readonly circuit: Expression;
  readonly selections: readonly Selection[];
  /** True if the selections are in brackets. */
  readonly bracketed: boolean;
}

/** `ep above 0.5`: the edges whose score is greater. */
export interface AboveExpression extends NodeOf<"AboveExpression"> {
  readonly circuit: Expression;
  readonly threshold: Expression;
}

/** `ep under zero`: the circuit, measured under another ablation. */
export interface UnderExpression extends NodeOf<"UnderExpression"> {
  readonly circuit: Expression;
  readonly ablation: Name;
}

/** `top 100 of ep`, `top 2% of ep`. */
export interface TopExpression extends NodeOf<"TopExpression"> {
  readonly amount: Expression;
  readonly circuit: Expression;
}

/** `complement of ep`. */
export interface ComplementExpression extends NodeOf<"ComplementExpression"> {
  readonly circuit: Expression;
}

export interface OrderKey extends NodeOf<"OrderKey"> {
  readonly field: Path;
  /** `undefined` when neither `asc` nor `desc` was written: ascending. */
  readonly direction: "asc" | "desc" | undefined;
}

/** `edges of ...`, `nodes of ...`, `paths of ...`, and the same after `count`. */
export interface ListQuery extends NodeOf<"ListQuery"> {
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
}

/** `why a3.h1 in ep`. */
export interface WhyQuery extends NodeOf<"WhyQuery"> {
  readonly node: Pattern;
  readonly circuit: Expression;
}

/** `overlap ep, hint`. */
export interface OverlapQuery extends NodeOf<"OverlapQuery"> {
  readonly circuits: readonly Expression[];
}

/** `stability of ep over 5 seeds`. */
export interface StabilityQuery extends NodeOf<"StabilityQuery"> {
  readonly circuit: Expression;
  readonly count: Expression;
  /** `seeds` or `resamples`. */
  readonly over: Name;
}

/** `run ep on "..." corrupted "..."`. */
export interface RunQuery extends NodeOf<"RunQuery"> {
  readonly circuit: Expression;
  readonly prompt: TextLiteral;
  readonly corrupted: TextLiteral | undefined;
}

/** `evaluate a, b on ioi.test corrupted by c against truth by kl`. */
export interface EvaluateQuery extends NodeOf<"EvaluateQuery"> {
  readonly circuits: readonly Expression[];
  readonly on: Path | undefined;
  readonly corruption: Name | undefined;
  readonly against: Expression | undefined;
  readonly by: readonly Name[];
  /** The variable of a sweep whose values are one row, by mean and spread. */
  readonly over: Name | undefined;
}

/** `compare a, b on ioi.test by kl`. */
export interface CompareQuery extends NodeOf<"CompareQuery"> {
  readonly circuits: readonly Expression[];
  readonly on: Path | undefined;
  readonly corruption: Name | undefined;
  readonly by: readonly Name[];
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
  | UnderExpression
  | TopExpression
  | ComplementExpression
  | Component
  | Path
  | Query;
