/** `edges of ...` and `count edges of ... group by ...`. @module */
import type { Circuit } from "../circuit.ts";
import { CircuitError } from "../../universe/errors.ts";
import { shortFloat32 } from "../../../base/float_text.ts";
import { derivedProvenance, operandOf } from "../provenance.ts";
import type { Cell, Table } from "../../tables/table.ts";
import { endsOf, type Universe } from "../../universe/universe.ts";
import { queryProblems } from "./check.ts";
import { cellOf, edgeFields, endColumn, type Field } from "./fields.ts";
import { firstInOrder, type Key } from "../order.ts";
import { type Condition, conditionText, type CountQuery, type EdgesQuery } from "./query.ts";
import { runEnd, selectEdges } from "./select.ts";

/** Edges [rows] that answer a query, in its order, at most `limit` of them; `total` counts all that the condition holds for. */
export function queryEdges(
  circuit: Circuit,
  query: EdgesQuery,
): { edges: Uint32Array; total: number } {
  const selected = selectEdges(circuit, query.where);
  const total = selected.length;
  const orders = query.orderBy ?? [];
  if (orders.length === 0) return { edges: selected.subarray(0, query.limit ?? total), total };
  const keys = orders.map(({ field, direction }): Key => ({
    values: keyOf(circuit, field, selected),
    direction,
  }));
  const places = firstInOrder(total, keys, query.limit);
  return { edges: places.map((place) => selected[place]), total };
}

function keyOf(circuit: Circuit, name: string, edges: Uint32Array): Float32Array {
  const { universe, scores } = circuit;
  const field: Field = edgeFields[name as keyof typeof edgeFields];
  if (field.of === "score") {
    const values = new Float32Array(edges.length);
    if (!scores) return values.fill(NaN);
    for (let i = 0; i < edges.length; i++) values[i] = scores[edges[i]];
    return values;
  }
  // Places, layers and heads are small whole numbers, which a float32 holds exactly.
  const values = new Float32Array(edges.length);
  const column = endColumn(universe, name);
  forEachRun(universe, edges, (r, start, end, base) => {
    if (field.of === "reader") values.fill(column[r], start, end);
    else for (let i = start; i < end; i++) values[i] = column[edges[i] - base];
  });
  return values;
}

/** Calls `visit` for every reader with edges among the given ones, [edges]; the writer of edge e in the run is e - base. */
export function forEachRun(
  universe: Universe,
  edges: Uint32Array,
  visit: (reader: number, start: number, end: number, base: number) => void,
): void {
  for (let r = 0, i = 0; i < edges.length; r++) {
    const start = i;
    i = runEnd(edges, start, universe.offset[r + 1]);
    if (i > start) visit(r, start, i, universe.offset[r] - universe.firstWriter);
  }
}

/** `edges of ...` as a table: from, to, and weight where the circuit has scores. */
export function edgesTable(circuit: Circuit, query: EdgesQuery): Table {
  const { edges, total } = queryEdges(circuit, query);
  const { universe, scores } = circuit;
  const rows = Array.from(edges, (edge): Cell[] => {
    const { writer, reader } = endsOf(universe, edge);
    const ends = [universe.writers[writer].name, universe.readers[reader].name];
    return scores ? [...ends, scoreCell(scores[edge])] : ends;
  });
  return {
    columns: scores ? ["from", "to", "weight"] : ["from", "to"],
    rows,
    ...(total > rows.length ? { total } : {}),
  };
}

/** A score as tables hold it: the shortest decimal of its float32, null where it is unknown. */
export function scoreCell(score: number): number | null {
  return Number.isNaN(score) ? null : Number(shortFloat32(score));
}

/** `count edges of ...`: one row per group, in the order of the fields grouped by unless the query orders. */
export function countEdgesTable(circuit: Circuit, query: CountQuery): Table {
  const selected = selectEdges(circuit, query.where);
  const names = query.groupBy ?? [];
  if (names.length === 0) return { columns: ["count"], rows: [[selected.length]] };
  const { universe } = circuit;
  const parts = names.map((name) => {
    const field: Field = edgeFields[name as keyof typeof edgeFields];
    return { field, ...codesOf(endColumn(universe, name)) };
  });
  // A group is a number in mixed radix: the reader's part is settled once per run.
  const scales = parts.map((_, i) =>
    parts.slice(i + 1).reduce((scale, part) => scale * part.values.length, 1)
  );
  const groups = parts.reduce((size, part) => size * part.values.length, 1);
  const ofSide = (side: "reader" | "writer", length: number) =>
    Float64Array.from({ length }, (_, at) =>
      parts.reduce(
        (sum, { field, codes }, i) => field.of === side ? sum + codes[at] * scales[i] : sum,
        0,
      ));
  const byReader = ofSide("reader", universe.readers.length);
  const byWriter = ofSide("writer", universe.writers.length);
  const onlyReader = parts.every(({ field }) => field.of === "reader");
  const counts = groups <= 1 << 24 ? new Uint32Array(groups) : new Map<number, number>();
  const add = counts instanceof Map
    ? (group: number, n: number) => counts.set(group, (counts.get(group) ?? 0) + n)
    : (group: number, n: number) => counts[group] += n;
  forEachRun(universe, selected, (r, start, end, base) => {
    const code = byReader[r];
    if (onlyReader) add(code, end - start);
    else if (counts instanceof Map) {
      for (let i = start; i < end; i++) add(code + byWriter[selected[i] - base], 1);
    } else for (let i = start; i < end; i++) counts[code + byWriter[selected[i] - base]]++;
  });

  const found: [number, number][] = [];
  if (counts instanceof Map) found.push(...[...counts].sort(([a], [b]) => a - b));
  else counts.forEach((n, group) => n > 0 && found.push([group, n]));
  const values = (group: number) =>
    parts.map(({ values }, i) => values[Math.floor(group / scales[i]) % values.length]);
  return orderedCounts(
    query,
    found.map(([group, n]) => ({ values: values(group), count: n })),
    (value, i) => cellOf(universe, parts[i].field, value),
  );
}

/** Distinct values of a column [entries], ascending with "none" last, and for each entry which of them it is. */
export function codesOf(column: Float64Array): { values: number[]; codes: Uint32Array } {
  const values = [...new Set(column)].sort((a, b) =>
    Number.isNaN(a) ? 1 : Number.isNaN(b) ? -1 : a - b
  );
  const places = new Map(values.map((value, place) => [value, place]));
  return { values, codes: Uint32Array.from(column, (value) => places.get(value)!) };
}

/** Groups and their counts as a table, in the query's order and limit. */
export function orderedCounts(
  query: CountQuery,
  groups: readonly { values: number[]; count: number }[],
  cell: (value: number, i: number) => Cell,
): Table {
  const names = query.groupBy ?? [];
  const keys = (query.orderBy ?? []).map(({ field, direction }): Key => {
    const at = names.indexOf(field);
    const values = groups.map((group) => at < 0 ? group.count : group.values[at]);
    return { values: Float64Array.from(values), direction };
  });
  const places = firstInOrder(groups.length, keys, query.limit);
  return {
    columns: [...names, "count"],
    rows: Array.from(places, (place) => [...groups[place].values.map(cell), groups[place].count]),
    ...(places.length < groups.length ? { total: groups.length } : {}),
  };
}

/** The edges for which a condition holds, as a circuit: `ep where weight > 0.5`. Throws for a condition that does not fit. */
export function restrict(circuit: Circuit, where: Condition): Circuit {
  const query: EdgesQuery = { kind: "edges", of: operandOf(circuit), where };
  const [problem] = queryProblems(query, circuit.universe);
  if (problem) throw new CircuitError(problem.message, problem.help);
  return {
    ...circuit,
    edges: selectEdges(circuit, where).slice(),
    provenance: derivedProvenance(`${query.of} where ${conditionText(where)}`, circuit),
  };
}
