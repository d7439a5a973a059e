/**
 * Queries in code, typed: `edgesOf(ep).where("to", "=", "a3.*").orderBy("weight", "desc").limit(10)`.
 * Every builder is a value; each call gives a new one. Its text form is the query that a script would hold.
 *
 * @module
 */
import type { Circuit } from "../circuit.ts";
import { operandOf } from "../provenance.ts";
import type { Table } from "../../tables/table.ts";
import { queryEdges, restrict } from "./edges.ts";
import { requireQuery } from "./check.ts";
import type { edgeFields, nodeFields, OperatorFor, ValueOf } from "./fields.ts";
import {
  type Condition,
  type EdgesQuery,
  type NodesQuery,
  type Operator,
  type PathsQuery,
  type Query,
  queryText,
} from "./query.ts";
import { runQuery } from "./run.ts";

/**
 * One comparison.
 *
 * @example
 * ```ts
 * all(is("weight", ">", 0.5), not(is("kind", "=", "q")));
 * ```
 */
export function is<Name extends keyof typeof edgeFields | keyof typeof nodeFields>(
  field: Name,
  operator: OperatorFor<ValueOf<typeof edgeFields, Name> | ValueOf<typeof nodeFields, Name>>,
  value: ValueOf<typeof edgeFields, Name> | ValueOf<typeof nodeFields, Name>,
): Condition {
  return { kind: "compare", field, operator, value: value as string | number };
}

/** The condition that all of these hold. */
export function all(...terms: Condition[]): Condition {
  return terms.length === 1 ? terms[0] : { kind: "and", terms };
}

/** The condition that one of these holds at least. */
export function any(...terms: Condition[]): Condition {
  return terms.length === 1 ? terms[0] : { kind: "or", terms };
}

/** The opposite of a condition. */
export function not(term: Condition): Condition {
  return { kind: "not", term };
}

/** A query on a circuit, which is a value: it can be answered, printed and refined. */
export interface QueryBuilder {
  /**
   * The query as a record.
   *
   * @internal
   */
  readonly query: Query;
  /** The query as the text that a script holds. */
  toString(): string;
  /**
   * Answers the query with a table of at most `maxRows` rows.
   *
   * @throws {CircuitError} if the universe of the circuit lacks a name of the query
   */
  run(options?: { maxRows?: number }): Table;
}

/**
 * A query on a list of edges or nodes, whose fields a table describes.
 *
 * @internal
 */
export interface ListBuilder<Fields> extends QueryBuilder {
  /** Keeps the rows for which the comparison holds; several calls must all hold. */
  where<Name extends keyof Fields & string>(
    field: Name,
    operator: OperatorFor<ValueOf<Fields, Name>>,
    value: ValueOf<Fields, Name>,
  ): this;
  /** Keeps the rows for which the condition holds. */
  where(condition: Condition): this;
  /** Sorts by a field, ascending by default; a second call sorts the rows that are equal in the first. */
  orderBy(field: keyof Fields & string, direction?: "asc" | "desc"): this;
  /** Keeps at most `count` rows. */
  limit(count: number): this;
  /** Counts the rows, by the values of the given fields. */
  count(...groupBy: (keyof Fields & string)[]): QueryBuilder;
}

/** A query on nodes. */
export type NodesBuilder = ListBuilder<typeof nodeFields>;

/** A query on edges, whose answer is also a set of edges. */
export interface EdgesBuilder extends ListBuilder<typeof edgeFields> {
  /**
   * The edges as numbers of the universe, [rows], in the order of the query.
   *
   * @throws {CircuitError} if the universe of the circuit lacks a name of the query
   */
  edges(): Uint32Array;
  /** The edges for which the conditions hold, as a circuit; order and limit do not matter to it. */
  circuit(): Circuit;
}

/**
 * Starts a query on a circuit's edges.
 *
 * @example
 * ```ts
 * const architecture = await readArchitecture("examples/models/toy");
 * const circuit = fullCircuit(universeOf(shapeOf(architecture), defaultConvention));
 * const query = edgesOf(circuit).where("to", "=", "a3.*").orderBy("weight", "desc").limit(10);
 * console.log(`${query}\n${renderText(query.run())}`);
 * ```
 */
export function edgesOf(circuit: Circuit): EdgesBuilder {
  return edgesBuilder(circuit, { kind: "edges", of: operandOf(circuit) });
}

/**
 * Starts a query on a circuit's nodes.
 *
 * @example
 * ```ts
 * const architecture = await readArchitecture("examples/models/toy");
 * const circuit = fullCircuit(universeOf(shapeOf(architecture), defaultConvention));
 * nodesOf(circuit).where("kind", "=", "head").count("layer").run();
 * ```
 */
export function nodesOf(circuit: Circuit): NodesBuilder {
  return nodesBuilder(circuit, { kind: "nodes", of: operandOf(circuit) });
}

function edgesBuilder(circuit: Circuit, query: EdgesQuery): EdgesBuilder {
  return {
    ...listBuilder(circuit, query, (changed) => edgesBuilder(circuit, changed)),
    edges: () => {
      requireQuery(query, circuit.universe);
      return queryEdges(circuit, query).edges;
    },
    circuit: () => query.where ? restrict(circuit, query.where) : circuit,
  };
}

function nodesBuilder(circuit: Circuit, query: NodesQuery): NodesBuilder {
  return listBuilder(circuit, query, (changed) => nodesBuilder(circuit, changed));
}

/** Steps that queries on edges and on nodes share; `again` builds on a changed query. */
function listBuilder<Q extends EdgesQuery | NodesQuery, B>(
  circuit: Circuit,
  query: Q,
  again: (query: Q) => B,
) {
  return {
    ...built(circuit, query),
    where: (...test: unknown[]) => again({ ...query, where: conjoin(query.where, test) }),
    orderBy: (field: string, direction: "asc" | "desc" = "asc") =>
      again({ ...query, orderBy: [...query.orderBy ?? [], { field, direction }] }),
    limit: (limit: number) => again({ ...query, limit }),
    count: (...groupBy: string[]) => counting(circuit, query, groupBy),
  };
}

function built(circuit: Circuit, query: Query): QueryBuilder {
  return {
    query,
    toString: () => queryText(query),
    run: (options) => runQuery(query, circuit, options),
  };
}

function counting(
  circuit: Circuit,
  { kind: what, of, where }: EdgesQuery | NodesQuery,
  groupBy: string[],
): QueryBuilder {
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

/** A query on a circuit's paths, by default from the embeddings to the logits. */
export interface PathsBuilder extends QueryBuilder {
  /** Takes paths that start at a component, given by name or pattern. */
  from(pattern: string): PathsBuilder;
  /** Takes paths that end at a component, given by name or pattern. */
  to(pattern: string): PathsBuilder;
  /** Takes paths through all of these components, each given by name or pattern. */
  via(...patterns: string[]): PathsBuilder;
  /** Keeps the best `count` paths. */
  limit(count: number): PathsBuilder;
  /** Counts the paths exactly. */
  count(): QueryBuilder;
}

/**
 * Starts a query on a circuit's paths. The score of a path is that of its weakest edge.
 *
 * @example
 * ```ts
 * const architecture = await readArchitecture("examples/models/toy");
 * const circuit = fullCircuit(universeOf(shapeOf(architecture), defaultConvention));
 * console.log(renderText(pathsOf(circuit).from("embed").limit(5).run()));
 * ```
 */
export function pathsOf(circuit: Circuit): PathsBuilder {
  return pathsBuilder(circuit, { kind: "paths", of: operandOf(circuit) });
}

function pathsBuilder(circuit: Circuit, query: PathsQuery): PathsBuilder {
  const next = (change: Partial<PathsQuery>) => pathsBuilder(circuit, { ...query, ...change });
  const { limit: _, ...counted } = query;
  return {
    ...built(circuit, query),
    from: (pattern) => next({ from: pattern }),
    to: (pattern) => next({ to: pattern }),
    via: (...patterns) => next({ via: [...query.via ?? [], ...patterns] }),
    limit: (limit) => next({ limit }),
    count: () => built(circuit, { ...counted, kind: "count", what: "paths" }),
  };
}

/** Starts a query on the edges of a circuit into and out of a component. */
export function why(circuit: Circuit, node: string): QueryBuilder {
  return built(circuit, { kind: "why", node, of: operandOf(circuit) });
}
