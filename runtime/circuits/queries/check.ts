/** Checks of a query, before it runs. @module */
import { nearest } from "../../../base/nearest.ts";
import { CircuitError } from "../../universe/errors.ts";
import { flowOf } from "../../universe/flow.ts";
import { namesOf, unknownComponent } from "../../universe/names.ts";
import { isPattern, matchReaders, matchWriters, parsePattern } from "../../universe/patterns.ts";
import type { Universe } from "../../universe/universe.ts";
import { type Field, fieldsOf } from "./fields.ts";
import { type Comparison, comparisonsOf, type Order, type Query } from "./query.ts";

/** One thing wrong with a query. */
export interface QueryProblem {
  readonly message: string;
  readonly help?: string;
  /**
   * The part of the query that it is about, the same object as in the query: a comparison, an order, or
   * the text of a field of `group by`, of an end, of a `via`, or of the node of `why`.
   */
  readonly at: Comparison | Order | string;
}

/**
 * Everything that is wrong with a query: unknown fields, values that do not fit them, names that the
 * universe lacks. Without a universe only what can be known without one.
 */
export function queryProblems(query: Query, universe?: Universe): QueryProblem[] {
  switch (query.kind) {
    case "why":
      return attempt(query.node, () => universe && nodeByName(universe, query.node));
    case "paths":
      return endProblems(query, universe).concat(limitProblems(query.limit));
    case "count":
      if (query.what === "paths") return endProblems(query, universe);
      return [
        ...listProblems(query.what, query, universe),
        ...(query.groupBy ?? []).flatMap((name) => groupProblems(query.what, name)),
      ];
    default:
      return listProblems(query.kind, query, universe);
  }
}

/** Throws the first problem of a query as a `CircuitError`. */
export function requireQuery(query: Query, universe: Universe): void {
  const [problem] = queryProblems(query, universe);
  if (problem) throw new CircuitError(problem.message, problem.help);
}

/**
 * Writer of a component and its readers, by its name; of a head's input or of a shared key/value head, its readers alone.
 *
 * @throws {CircuitError} if there is none of the name
 */
export function nodeByName(
  universe: Universe,
  name: string,
): { readonly writer: number | undefined; readonly inputs: ReadonlySet<number> } {
  const { writers, readers } = namesOf(universe);
  const writer = writers.get(name);
  if (writer !== undefined) return { writer, inputs: new Set(flowOf(universe).readersOf[writer]) };
  const ofHead = [`${name}.k`, `${name}.v`];
  const inputs = (readers.has(name) ? [name] : ofHead).flatMap((each) => readers.get(each) ?? []);
  if (inputs.length === 0) throw unknownComponent(universe, name);
  return { writer, inputs: new Set(inputs) };
}

function listProblems(
  what: "edges" | "nodes",
  query: Exclude<Query, { what: "paths" } | { kind: "paths" | "why" }>,
  universe?: Universe,
): QueryProblem[] {
  const counted = query.kind === "count";
  const grouped = counted ? query.groupBy ?? [] : [];
  return [
    ...(query.where ? comparisonsOf(query.where) : []).flatMap((comparison) =>
      comparisonProblems(what, comparison, universe)
    ),
    ...(query.orderBy ?? []).flatMap((order) =>
      counted ? countOrderProblems(order, grouped) : unknownField(what, order.field, order)
    ),
    ...limitProblems(query.limit),
  ];
}

function limitProblems(limit?: number): QueryProblem[] {
  if (limit === undefined || (Number.isInteger(limit) && limit >= 0)) return [];
  return [{
    message: `a limit is a whole number from 0: this is ${limit}`,
    at: `limit ${limit}`,
  }];
}

function unknownField(
  what: "edges" | "nodes",
  name: string,
  at: QueryProblem["at"],
): QueryProblem[] {
  const fields = fieldsOf(what);
  if (Object.hasOwn(fields, name)) return [];
  const near = nearest(name, Object.keys(fields));
  return [{
    message: `${what} have no field \`${name}\``,
    help: near
      ? `did you mean \`${near}\`?`
      : `fields of ${what}: ${Object.keys(fields).join(", ")}`,
    at,
  }];
}

function comparisonProblems(
  what: "edges" | "nodes",
  comparison: Comparison,
  universe?: Universe,
): QueryProblem[] {
  const unknown = unknownField(what, comparison.field, comparison);
  if (unknown.length) return unknown;
  const field: Field = fieldsOf(what)[comparison.field];
  const { operator, value } = comparison;
  const problem = (message: string, help?: string) => [{ message, help, at: comparison }];
  if (field.type === "number") {
    return typeof value === "number" && !Number.isNaN(value)
      ? []
      : problem(`\`${comparison.field}\` is compared with a number: this is \`${value}\``);
  }
  if (operator !== "=" && operator !== "!=") {
    return problem(`\`${comparison.field}\` is compared with = or !=, not ${operator}`);
  }
  if (field.type === "word") {
    if (field.words!.includes(String(value))) return [];
    const near = nearest(String(value), field.words!);
    return problem(
      `\`${comparison.field}\` is never \`${value}\``,
      near ? `did you mean \`${near}\`?` : `it is one of ${field.words!.join(", ")}`,
    );
  }
  const text = String(value);
  if (!universe) {
    return isPattern(text)
      ? []
      : problem(`\`${text}\` is not a component or a pattern`, "patterns look like `a3.*`, `m*`");
  }
  const match = field.of === "writer"
    ? matchWriters
    : field.of === "reader"
    ? matchReaders
    : parsePattern;
  return attempt(comparison, () => {
    match(universe, text);
    if (field.of !== "node" || text.split(".").length < 3 && !/\.kv/.test(text)) return;
    throw new CircuitError(
      `\`${text}\` is an input of heads, and nodes are whole components`,
      text.includes(".kv")
        ? "nodes have the names of query heads, such as `a0.h0`"
        : `the head is \`${text.replace(/\.[^.]*$/, "")}\``,
    );
  });
}

function countOrderProblems(order: Order, grouped: readonly string[]): QueryProblem[] {
  if (order.field === "count" || grouped.includes(order.field)) return [];
  return [{
    message:
      `counts are ordered by \`count\` or by what they are grouped by, not by \`${order.field}\``,
    help: `order by ${["count", ...grouped].join(" or ")}`,
    at: order,
  }];
}

function groupProblems(what: "edges" | "nodes", name: string): QueryProblem[] {
  const unknown = unknownField(what, name, name);
  if (unknown.length || !/^(weight|score)$/.test(name)) return unknown;
  return [{
    message: `\`${name}\` has a value of its own for nearly every edge, so it makes no groups`,
    help: "use where with a threshold",
    at: name,
  }];
}

function endProblems(
  { from, to, via }: { from?: string; to?: string; via?: readonly string[] },
  universe?: Universe,
): QueryProblem[] {
  const names = [from, to, ...(via ?? [])].filter((name) => name !== undefined);
  if (!universe) {
    return names.filter((name) => !isPattern(name)).map((name) => ({
      message: `\`${name}\` is not a component or a pattern`,
      at: name,
    }));
  }
  return [
    ...(from === undefined ? [] : attempt(from, () => matchWriters(universe, from))),
    ...(to === undefined ? [] : attempt(to, () => matchReaders(universe, to))),
    ...(via ?? []).flatMap((name) => attempt(name, () => parsePattern(universe, name))),
  ];
}

function attempt(at: QueryProblem["at"], action: () => unknown): QueryProblem[] {
  try {
    action();
    return [];
  } catch (error) {
    if (!(error instanceof CircuitError)) throw error;
    return [{ message: error.message, help: error.help, at }];
  }
}
