/**
 * `why NODE in CIRCUIT`: what flows into a component, by q, k and v, and out of it.
 *
 * @module
 */
import type { Circuit } from "../circuit.ts";
import { flowOf } from "../../universe/flow.ts";
import { liveNodes } from "../../universe/reachability.ts";
import { expressionOf } from "../sets.ts";
import type { Cell, Table } from "../../tables/table.ts";
import { nodeByName } from "./check.ts";
import { scoreCell } from "./edges.ts";
import type { WhyQuery } from "./query.ts";

/**
 * The edges of one component: first what it reads, input by input, then who reads it, each by score. The
 * columns are flow (`in` or `out`), by (the input that reads: q, k, v, mlp, logits), component (at the far
 * end) and weight.
 * A note says when the input does not reach the component or it does not reach the logits.
 */
export function whyTable(circuit: Circuit, { node }: WhyQuery): Table {
  const { universe, edges, scores } = circuit;
  const { writers, readers } = universe;
  const { writer, reader } = nodeByName(universe, node);
  const inputs = new Set(
    writer !== undefined ? flowOf(universe).readersOf[writer] : [reader!],
  );
  const found: { flow: string; reader: number; writer: number; score: number }[] = [];
  for (let r = 0, i = 0; i < edges.length; r++) {
    const base = universe.offset[r] - universe.firstWriter;
    for (; i < edges.length && edges[i] < universe.offset[r + 1]; i++) {
      const from = edges[i] - base;
      const score = scores ? scores[edges[i]] : NaN;
      if (inputs.has(r)) found.push({ flow: "in", reader: r, writer: from, score });
      if (from === writer) found.push({ flow: "out", reader: r, writer: from, score });
    }
  }
  const down = (score: number) => Number.isNaN(score) ? Infinity : -score;
  found.sort((a, b) =>
    a.flow.localeCompare(b.flow) ||
    (a.flow === "in" ? a.reader - b.reader : 0) ||
    (down(a.score) < down(b.score) ? -1 : down(a.score) > down(b.score) ? 1 : 0)
  );
  const rows = found.map((edge): Cell[] => {
    const input = readers[edge.reader];
    const cells = edge.flow === "in"
      ? ["in", input.kind, writers[edge.writer].name]
      : ["out", "", input.name];
    return scores ? [...cells, scoreCell(edge.score)] : cells;
  });
  return {
    columns: ["flow", "by", "component", ...(scores ? ["weight"] : [])],
    rows,
    notes: notes(circuit, node, writer, [...inputs], found.length),
  };
}

function notes(
  circuit: Circuit,
  node: string,
  writer: number | undefined,
  inputs: number[],
  edges: number,
): string[] {
  if (edges === 0) return [`${node} has no edges in ${expressionOf(circuit)}`];
  const { reached, matters } = liveNodes(circuit.universe, circuit.edges);
  const said: string[] = [];
  if (writer !== undefined && !reached[writer]) said.push(`the input does not reach ${node}`);
  const leads = writer === undefined
    ? inputs.some((r) => matters[r])
    : leadsToLogits(circuit, writer, matters);
  if (!leads) said.push(`${node} does not reach the logits`);
  return said;
}

function leadsToLogits({ universe, edges }: Circuit, writer: number, matters: Uint8Array): boolean {
  for (let r = 0, i = 0; i < edges.length; r++) {
    const base = universe.offset[r] - universe.firstWriter;
    for (; i < edges.length && edges[i] < universe.offset[r + 1]; i++) {
      if (edges[i] - base === writer && matters[r]) return true;
    }
  }
  return false;
}
