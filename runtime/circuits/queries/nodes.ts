/** `nodes of ...`: the components that a circuit's edges touch, with their degrees. @module */
import type { Circuit } from "../circuit.ts";
import { drivenIn } from "../../universe/flow.ts";
import { parsePattern } from "../../universe/patterns.ts";
import type { Cell, Table } from "../../tables/table.ts";
import { codesOf, forEachRun, orderedCounts, scoreCell } from "./edges.ts";
import { type Field, nodeFields } from "./fields.ts";
import { firstInOrder } from "../order.ts";
import type { Comparison, Condition, CountQuery, NodesQuery } from "./query.ts";
import { compareColumn } from "./select.ts";

/** The nodes of a circuit as columns: writers in their order, then `logits`; only nodes with an edge. */
export interface Nodes {
  readonly names: readonly string[];
  /** One column per field of `nodeFields`; `name` counts places in the stream. */
  readonly columns: Readonly<Record<keyof typeof nodeFields, Float64Array>>;
}

/**
 * The nodes of a circuit. An edge into a key/value head that query heads share counts for each of them that another edge
 * leaves or enters, and for the first where there is none.
 */
export function nodesOf(circuit: Circuit): Nodes {
  const { universe, edges, scores } = circuit;
  const { writers, readers } = universe;
  const driven = drivenIn(universe, edges);
  const logits = writers.length;
  const inDegree = new Float64Array(logits + 1);
  const outDegree = new Float64Array(logits + 1);
  const score = new Float64Array(logits + 1).fill(NaN);
  const raise = (node: number, value: number) => {
    if (!(value <= score[node]) && !Number.isNaN(value)) score[node] = value;
  };
  forEachRun(universe, edges, (r, start, end, base) => {
    const last = readers[r].kind === "logits";
    if (last) inDegree[logits] += end - start;
    else for (const w of driven(r)) inDegree[w] += end - start;
    for (let i = start; i < end; i++) {
      outDegree[edges[i] - base]++;
      if (!scores) continue;
      raise(edges[i] - base, scores[edges[i]]);
      if (last) raise(logits, scores[edges[i]]);
    }
  });

  const touched = Uint32Array.from({ length: logits + 1 }, (_, node) => node)
    .filter((node) => inDegree[node] + outDegree[node] > 0);
  const column = (value: (node: number) => number) => Float64Array.from(touched, value);
  const known = (value: number) => value < 0 ? NaN : value;
  const kinds: readonly string[] = nodeFields.kind.words;
  const kindOf = (node: number) => node === logits ? "logits" : writers[node].kind;
  return {
    names: Array.from(touched, (node) => node === logits ? "logits" : writers[node].name),
    columns: {
      name: column((node) => node),
      kind: column((node) => kinds.indexOf(kindOf(node))),
      layer: column((node) => node === logits ? NaN : known(writers[node].layer)),
      head: column((node) => node === logits ? NaN : known(writers[node].head)),
      in_degree: column((node) => inDegree[node]),
      out_degree: column((node) => outDegree[node]),
      score: column((node) => score[node]),
    },
  };
}

function selectNodes(circuit: Circuit, nodes: Nodes, where?: Condition): number[] {
  const all = nodes.names.map((_, place) => place);
  if (!where) return all;
  const holds = marks(where);
  return all.filter((place) => holds[place]);

  function marks(condition: Condition): Uint8Array {
    if (condition.kind === "compare") return compared(condition);
    if (condition.kind === "not") return marks(condition.term).map((hit) => 1 - hit);
    return condition.terms.map(marks).reduce((a, b) =>
      a.map((hit, i) => condition.kind === "and" ? hit & b[i] : hit | b[i])
    );
  }

  function compared(comparison: Comparison): Uint8Array {
    const name = comparison.field as keyof typeof nodeFields;
    const column = nodes.columns[name];
    if (name !== "name") return compareColumn(column, nodeFields[name], comparison);
    const { universe } = circuit;
    const { writers, readers } = parsePattern(universe, String(comparison.value));
    const logits = readers[readers.length - 1];
    return Uint8Array.from(column, (node) => {
      const hit = node === universe.writers.length ? logits : writers[node];
      return comparison.operator === "=" ? hit : 1 - hit;
    });
  }
}

/** `nodes of ...` as a table; the column score is there where the circuit has scores. */
export function nodesTable(circuit: Circuit, query: NodesQuery): Table {
  const nodes = nodesOf(circuit);
  const selected = selectNodes(circuit, nodes, query.where);
  const keys = (query.orderBy ?? []).map(({ field, direction }) => {
    const column = nodes.columns[field as keyof typeof nodeFields];
    return { values: Float64Array.from(selected, (place) => column[place]), direction };
  });
  const places = firstInOrder(selected.length, keys, query.limit);
  const columns = (Object.keys(nodeFields) as (keyof typeof nodeFields)[])
    .filter((name) => name !== "score" || circuit.scores);
  return {
    columns,
    rows: Array.from(
      places,
      (place) => columns.map((name) => nodeCell(nodes, name, selected[place])),
    ),
    ...(places.length < selected.length ? { total: selected.length } : {}),
  };
}

function nodeCell(nodes: Nodes, name: keyof typeof nodeFields, place: number): Cell {
  const value = nodes.columns[name][place];
  const field: Field = nodeFields[name];
  if (name === "name") return nodes.names[place];
  if (name === "score") return scoreCell(value);
  if (Number.isNaN(value)) return null;
  return field.type === "word" ? field.words![value] : value;
}

/** `count nodes of ... group by ...`. */
export function countNodesTable(circuit: Circuit, query: CountQuery): Table {
  const nodes = nodesOf(circuit);
  const selected = selectNodes(circuit, nodes, query.where);
  const names = (query.groupBy ?? []) as (keyof typeof nodeFields)[];
  if (names.length === 0) return { columns: ["count"], rows: [[selected.length]] };
  const parts = names.map((name) => codesOf(nodes.columns[name]));
  const groups = new Map<string, { codes: number[]; count: number; place: number }>();
  for (const place of selected) {
    const codes = parts.map((part) => part.codes[place]);
    const key = codes.join();
    const group = groups.get(key) ?? { codes, count: 0, place };
    groups.set(key, { ...group, count: group.count + 1 });
  }
  const sorted = [...groups.values()].sort((a, b) => {
    const i = a.codes.findIndex((code, at) => code !== b.codes[at]);
    return i < 0 ? 0 : a.codes[i] - b.codes[i];
  });
  return orderedCounts(
    query,
    sorted.map(({ codes, count }) => ({
      values: codes.map((code, i) => parts[i].values[code]),
      count,
    })),
    (value, i) => {
      if (Number.isNaN(value)) return null;
      const field: Field = nodeFields[names[i]];
      if (names[i] === "name") {
        const writers = circuit.universe.writers;
        return value === writers.length ? "logits" : writers[value].name;
      }
      return field.type === "word" ? field.words![value] : value;
    },
  );
}
