/** `why NODE in CIRCUIT`: what flows into a component, by q, k and v, and out of it. @module */
import type { Circuit } from "../circuit.ts";
import { liveNodes } from "../../universe/reachability.ts";
import { headsText, isShared } from "../../universe/names.ts";
import { eachEdge, type Reader, type Universe } from "../../universe/universe.ts";
import { expressionOf } from "../provenance.ts";
import type { Cell, Table } from "../../tables/table.ts";
import { nodeByName } from "./check.ts";
import { scoreCell } from "./edges.ts";
import type { WhyQuery } from "./query.ts";

/**
 * The edges of one component: first what it reads, input by input, then who reads it, each by score. The
 * columns are flow (`in` or `out`), by (the input that reads: q, k, v, mlp, logits), component (at the far
 * end) and weight. An input that several query heads share is named with them: `kv1.k of h2, h3`.
 * A note says when the input does not reach the component or it does not reach the logits.
 */
export function whyTable(circuit: Circuit, { node }: WhyQuery): Table {
  const { universe, edges, scores } = circuit;
  const { writers, readers } = universe;
  const { writer, inputs } = nodeByName(universe, node);
  const found: Found[] = [];
  eachEdge(universe, edges, (from, to, edge) => {
    const score = scores ? scores[edge] : NaN;
    if (inputs.has(to)) found.push({ flow: "in", reader: to, writer: from, score });
    if (from === writer) found.push({ flow: "out", reader: to, writer: from, score });
  });
  const down = (score: number) => Number.isNaN(score) ? Infinity : -score;
  found.sort((a, b) =>
    a.flow.localeCompare(b.flow) ||
    (a.flow === "in" ? a.reader - b.reader : 0) ||
    (down(a.score) < down(b.score) ? -1 : down(a.score) > down(b.score) ? 1 : 0)
  );
  const rows = found.map((edge): Cell[] => {
    const input = readers[edge.reader];
    const cells = edge.flow === "in"
      ? ["in", inputText(universe, input), writers[edge.writer].name]
      : ["out", "", sharedText(universe, input, input.name)];
    return scores ? [...cells, scoreCell(edge.score)] : cells;
  });
  return {
    columns: ["flow", "by", "component", ...(scores ? ["weight"] : [])],
    rows,
    notes: notes(circuit, node, writer, found),
  };
}

/** An edge into the component, or out of it. */
interface Found {
  readonly flow: "in" | "out";
  readonly writer: number;
  readonly reader: number;
  readonly score: number;
}

function notes(
  circuit: Circuit,
  node: string,
  writer: number | undefined,
  found: readonly Found[],
): string[] {
  if (found.length === 0) return [`${node} has no edges in ${expressionOf(circuit)}`];
  const { reached, matters } = liveNodes(circuit.universe, circuit.edges);
  // An input reaches the logits as it is, a component over the edges that leave it.
  const onward = found.filter(({ flow }) => flow === (writer === undefined ? "in" : "out"));
  return [
    ...(writer !== undefined && !reached[writer] ? [`the input does not reach ${node}`] : []),
    ...(onward.some(({ reader }) => matters[reader]) ? [] : [`${node} does not reach the logits`]),
  ];
}

/** An input of a head by its letter, or by its key/value head where query heads share it. */
const inputText = (universe: Universe, reader: Reader): string =>
  sharedText(universe, reader, reader.kind, `kv${reader.head}.${reader.kind}`);

/** A text for a reader, with the query heads that share the reader, if any do. */
function sharedText(universe: Universe, reader: Reader, own: string, shared = own): string {
  if (!isShared(universe, reader)) return own;
  return `${shared} of ${headsText(universe, reader)}`;
}
