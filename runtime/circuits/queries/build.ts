/**
 * Queries in code, typed: `edgesOf(ep).where("to", "=", "a3.*").orderBy("weight", "desc").limit(10)`.
 * Every builder is a value; each call gives a new one. Its text form is the query that a script would hold.
 *
 * @module
 */
import type { Circuit } from "../circuit.ts";
import { operandOf } from "../sets.ts";
import type { Table } from "../../tables/table.ts";
import { queryEdges, restrict } from "./edges.ts";
import { requireQuery } from "./check.ts";
import type { EdgeField, edgeFields, Field, NodeField, nodeFields } from "./fields.ts";
import {
  type Condition,
  type CountPathsQuery,
  type CountQuery,
  type EdgesQuery,
  type NodesQuery,
  type Operator,
  type PathEnds,
  type PathsQuery,
  type Query,
  queryText,
  type WhyQuery,
} from "./query.ts";
import { runQuery } from "./run.ts";

type Fields = Readonly<Record<string, Field>>;
type EdgeFields = typeof edgeFields;
type NodeFields = typeof nodeFields;

/** What a field of a table may be compared with: numbers, the words of its list, or a pattern. */
export type ValueIn<D, F> = F extends keyof D ? D[F] extends { type: "number" } ? number
  : D[F] extends { words: readonly (infer W)[] } ? W
  : string
  : never;

type OperatorOn<V> = V extends number ? Operator : "=" | "!=";

type EitherValue<F> = ValueIn<EdgeFields, F> | ValueIn<NodeFields, F>;

/** One comparison: `is("weight", ">", 0.5)`. */
export function is<F extends EdgeField | NodeField>(
  field: F,
  operator: OperatorOn<EitherValue<F>>,
  value: EitherValue<F>,
): Condition {
  return { kind: "compare", field, operator, value: value as string | number };
}

/** All of the conditions. */
export function all(...terms: Condition[]): Condition {
  return terms.length === 1 ? terms[0] : { kind: "and", terms };
}

/** Any of the conditions. */
export function any(...terms: Condition[]): Condition {
  return terms.length === 1 ? terms[0] : { kind: "or", terms };
}

/** The opposite of a condition. */
export function not(term: Condition): Condition {
  return { kind: "not", term };
}

/** What every builder can do. */
export interface Built<Q extends Query> {
  /** The query as a record. */
  readonly query: Q;
  /** The query as the text that a script would hold. */
  toString(): string;
  /** Answers the query. Throws a `CircuitError` for names that the circuit's universe lacks. */
  run(options?: { maxRows?: number }): Table;
}

/** A query on a list of edges or nodes; D is the table of its fields. */
export interface ListBuilder<Q extends EdgesQuery | NodesQuery, D extends Fields> extends Built<Q> {
  /** Keeps what the comparison holds for; several calls must all hold. */
  where<F extends keyof D & string>(
    field: F,
    operator: OperatorOn<ValueIn<D, F>>,
    value: ValueIn<D, F>,
  ): this;
  /** Keeps what the condition holds for. */
  where(condition: Condition): this;
  /** Sorts, ascending unless told otherwise; a second call sorts what the first leaves equal. */
  orderBy(field: keyof D & string, direction?: "asc" | "desc"): this;
  /** At most so many rows. */
  limit(count: number): this;
  /** How many there are, by the values of the given fields. */
  count(...groupBy: (keyof D & string)[]): Built<CountQuery>;
}

/** A query on nodes. */
export type NodesBuilder = ListBuilder<NodesQuery, NodeFields>;

/** A query on edges, whose answer is also a set of edges. */
export interface EdgesBuilder extends ListBuilder<EdgesQuery, EdgeFields> {
  /** The edges as numbers of the universe, in the query's order. */
  edges(): Uint32Array;
  /** The edges that the conditions hold for, as a circuit (order and limit do not matter to it). */
  circuit(): Circuit;
}

/** Starts a query on a circuit's edges. */
export function edgesOf(circuit: Circuit): EdgesBuilder {
  return edgesBuilder(circuit, { kind: "edges", of: operandOf(circuit) });
}

/** Starts a query on a circuit's nodes. */
export function nodesOf(circuit: Circuit): NodesBuilder {
  return nodesBuilder(circuit, { kind: "nodes", of: operandOf(circuit) });
}

function edgesBuilder(circuit: Circuit, query: EdgesQuery): EdgesBuilder {
  const next = (change: Partial<EdgesQuery>) => edgesBuilder(circuit, { ...query, ...change });
  return {
    ...built(circuit, query),
    where: (...test: unknown[]) => next({ where: conjoin(query.where, test) }),
    orderBy: (field: string, direction: "asc" | "desc" = "asc") =>
      next({ orderBy: [...query.orderBy ?? [], { field, direction }] }),
    limit: (limit: number) => next({ limit }),
    count: (...groupBy: string[]) => counting(circuit, "edges", query, groupBy),
    edges: () => {
      requireQuery(query, circuit.universe);
      return queryEdges(circuit, query).edges;
    },
    circuit: () => query.where ? restrict(circuit, query.where) : circuit,
  };
}

function nodesBuilder(circuit: Circuit, query: NodesQuery): NodesBuilder {
  const next = (change: Partial<NodesQuery>) => nodesBuilder(circuit, { ...query, ...change });
  return {
    ...built(circuit, query),
    where: (...test: unknown[]) => next({ where: conjoin(query.where, test) }),
    orderBy: (field: string, direction: "asc" | "desc" = "asc") =>
      next({ orderBy: [...query.orderBy ?? [], { field, direction }] }),
    limit: (limit: number) => next({ limit }),
    count: (...groupBy: string[]) => counting(circuit, "nodes", query, groupBy),
  };
}

function built<Q extends Query>(circuit: Circuit, query: Q): Built<Q> {
  return {
    query,
    toString: () => queryText(query),
    run: (options) => runQuery(query, circuit, options),
  };
}

function counting(
  circuit: Circuit,
  what: "edges" | "nodes",
  { of, where }: EdgesQuery | NodesQuery,
  groupBy: string[],
): Built<CountQuery> {
  return built(circuit, {
    kind: "count",
    what,
    of,
    ...(where ? { where } : {}),
    ...(groupBy.length ? { groupBy } : {}),
  });
}

function conjoin(first: Condition | undefined, test: unknown[]): Condition {
  const [field, operator, value] = test as [string, Operator, string | number];
  const second: Condition = test.length === 1
    ? test[0] as Condition
    : { kind: "compare", field, operator, value };
  if (!first) return second;
  return { kind: "and", terms: [...(first.kind === "and" ? first.terms : [first]), second] };
}

/** A query on a circuit's paths, from the embeddings to the logits unless told otherwise. */
export interface PathsBuilder extends Built<PathsQuery> {
  from(pattern: string): PathsBuilder;
  to(pattern: string): PathsBuilder;
  /** Components to pass on the way, each a name or a pattern. */
  via(...patterns: string[]): PathsBuilder;
  limit(count: number): PathsBuilder;
  /** How many there are, exactly. */
  count(): Built<CountPathsQuery>;
}

/** Starts a query on a circuit's paths. */
export function pathsOf(circuit: Circuit): PathsBuilder {
  return pathsBuilder(circuit, { kind: "paths", of: operandOf(circuit) });
}

function pathsBuilder(circuit: Circuit, query: PathsQuery): PathsBuilder {
  const next = (change: Partial<PathsQuery>) => pathsBuilder(circuit, { ...query, ...change });
  const { from, to, via }: PathEnds = query;
  return {
    ...built(circuit, query),
    from: (pattern) => next({ from: pattern }),
    to: (pattern) => next({ to: pattern }),
    via: (...patterns) => next({ via: [...via ?? [], ...patterns] }),
    limit: (limit) => next({ limit }),
    count: () =>
      built<CountPathsQuery>(circuit, {
        kind: "count",
        what: "paths",
        of: query.of,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...(via ? { via } : {}),
      }),
  };
}

/** What flows into and out of a component of a circuit. */
export function why(circuit: Circuit, node: string): Built<WhyQuery> {
  return built(circuit, { kind: "why", node, of: operandOf(circuit) });
}
