/**
 * Queries over a circuit as plain records, and their text. A parser makes the records from text, the typed
 * builder from calls; `queryText` prints the text that a script would hold.
 *
 * @module
 */

/** A condition on edges or nodes: `to = a3.*`, `weight > 0.5 and kind = q`. Text values are patterns or words, by the field. */
export type Condition =
  | {
    readonly kind: "compare";
    readonly field: string;
    readonly operator: "=" | "!=" | "<" | "<=" | ">" | ">=";
    readonly value: string | number;
  }
  | { readonly kind: "and" | "or"; readonly terms: readonly Condition[] }
  | { readonly kind: "not"; readonly term: Condition };

export type Comparison = Extract<Condition, { readonly kind: "compare" }>;
export type Operator = Comparison["operator"];

/** A field to sort by. */
export interface Order {
  readonly field: string;
  readonly direction: "asc" | "desc";
}

/** Parts of every query on a list. `of` is the circuit's name or expression, for the text. */
interface Listing {
  readonly of: string;
  readonly where?: Condition;
  readonly orderBy?: readonly Order[];
  readonly limit?: number;
}

/** `edges of ep where to = a3.* order by weight desc limit 10` */
export interface EdgesQuery extends Listing {
  readonly kind: "edges";
}

/** `nodes of ep where kind = head order by out_degree desc` */
export interface NodesQuery extends Listing {
  readonly kind: "nodes";
}

/** The ends of paths, as patterns: from the embeddings to the logits where they are left out. */
export interface PathEnds {
  readonly from?: string;
  readonly to?: string;
  /** Components that a path must pass, each in any place. */
  readonly via?: readonly string[];
}

/** `paths of ep from tok to logits via a2.h3 limit 20` */
export interface PathsQuery extends PathEnds {
  readonly kind: "paths";
  readonly of: string;
  readonly limit?: number;
}

/** `count edges of ep group by to.layer`, `count nodes of ep where kind = head` */
export interface CountQuery extends Listing {
  readonly kind: "count";
  readonly what: "edges" | "nodes";
  readonly groupBy?: readonly string[];
}

/** `count paths of ep from tok to logits` */
export interface CountPathsQuery extends PathEnds {
  readonly kind: "count";
  readonly what: "paths";
  readonly of: string;
}

/** `why a3.h1 in ep` */
export interface WhyQuery {
  readonly kind: "why";
  readonly node: string;
  readonly of: string;
}

/** A query on a circuit. */
export type Query =
  | EdgesQuery
  | NodesQuery
  | PathsQuery
  | CountQuery
  | CountPathsQuery
  | WhyQuery;

/** A query as the line that a script or the prompt would hold. */
export function queryText(query: Query): string {
  switch (query.kind) {
    case "why":
      return `why ${query.node} in ${query.of}`;
    case "paths":
      return `paths of ${query.of}${endsText(query)}${limitText(query.limit)}`;
    case "count":
      if (query.what === "paths") return `count paths of ${query.of}${endsText(query)}`;
      return `count ${query.what} of ${query.of}${whereText(query)}${
        query.groupBy?.length ? ` group by ${query.groupBy.join(", ")}` : ""
      }${orderText(query)}${limitText(query.limit)}`;
    default:
      return `${query.kind} of ${query.of}${whereText(query)}${orderText(query)}${
        limitText(query.limit)
      }`;
  }
}

function whereText({ where }: Listing): string {
  return where ? ` where ${conditionText(where)}` : "";
}

function orderText({ orderBy }: Listing): string {
  if (!orderBy?.length) return "";
  const orders = orderBy.map(({ field, direction }) =>
    direction === "desc" ? `${field} desc` : field
  );
  return ` order by ${orders.join(", ")}`;
}

function limitText(limit?: number): string {
  return limit === undefined ? "" : ` limit ${limit}`;
}

function endsText({ from, to, via }: PathEnds): string {
  return (from === undefined ? "" : ` from ${from}`) + (to === undefined ? "" : ` to ${to}`) +
    (via?.length ? ` via ${via.join(", ")}` : "");
}

/** A condition as text; `and` binds tighter than `or`, `not` tighter than both. */
export function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case "compare":
      return `${condition.field} ${condition.operator} ${condition.value}`;
    case "not":
      return `not ${
        condition.term.kind === "compare" || condition.term.kind === "not"
          ? conditionText(condition.term)
          : `(${conditionText(condition.term)})`
      }`;
    default:
      return condition.terms.map((term) =>
        term.kind === "or" || (term.kind === "and" && condition.kind === "and")
          ? `(${conditionText(term)})`
          : conditionText(term)
      ).join(` ${condition.kind} `);
  }
}

/** Every comparison of a condition, from left to right. */
export function comparisonsOf(condition: Condition): Comparison[] {
  if (condition.kind === "compare") return [condition];
  if (condition.kind === "not") return comparisonsOf(condition.term);
  return condition.terms.flatMap(comparisonsOf);
}
