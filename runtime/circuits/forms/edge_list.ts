/**
 * The edge list that the Edge Pruning paper's code writes: a JSON list of `[writer, reader]` pairs. Its
 * names are `tok_embeds`, `pos_embeds` and `resid_post` where ours are `tok`, `pos` and `logits`. Lists
 * whose items are texts `"tok_embeds -> a0.h1.q"`, and lists under a field `edges`, are read too.
 *
 * @module
 */
import type { Circuit } from "../circuit.ts";
import { CircuitError } from "../../universe/errors.ts";
import { edgeBetween, todaysNames } from "../../universe/names.ts";
import { lostAblation } from "../provenance.ts";
import { makeCircuit } from "../sets.ts";
import { endsOf, type Universe } from "../../universe/universe.ts";
import type { CircuitForm, Exported, Imported } from "./form.ts";
import { parsedJson } from "./records.ts";

/** The edge list of Edge Pruning. */
export const edgeList: CircuitForm = {
  name: "edge-list",
  of: "circuit",
  endings: [".edges.json"],
  about: "Edge Pruning's edge list",
  write: circuitToEdgeList,
  read: (text, expected) => {
    if (expected) return circuitFromEdgeList(text, expected);
    throw new CircuitError("an edge list does not say what its model is", "open it for a model");
  },
  fits: (start) => /^\s*(\[|\{\s*"(task|edges)")/.test(start),
};

const theirs: Readonly<Record<string, string>> = {
  tok: "tok_embeds",
  pos: "pos_embeds",
  embed: "embeds",
  logits: "resid_post",
};
const ours = new Map([
  ...Object.entries(theirs).map(([our, their]) => [their, our] as const),
  ["input", "embed"] as const,
]);

/**
 * Reads an edge list into a universe, which the list does not name.
 *
 * @throws {CircuitError} for JSON that is no edge list, and for edges that the universe lacks
 */
export function circuitFromEdgeList(text: string, universe: Universe): Imported {
  const value = parsedJson(text);
  const wrapped = typeof value === "object" && value !== null && "edges" in value;
  const record = wrapped ? value as { edges: unknown; task?: unknown } : { edges: value };
  if (!Array.isArray(record.edges)) {
    throw new CircuitError("an edge list is a JSON list of [writer, reader] pairs");
  }
  const edges = record.edges.map((item: unknown, i) => {
    const ends = typeof item === "string" ? item.split("->") : item;
    if (!Array.isArray(ends) || ends.length !== 2) {
      throw new CircuitError(`entry ${i + 1} is not an edge: ${JSON.stringify(item)}`);
    }
    const [from, to] = ends.map((end) => String(end).trim());
    return edgeBetween(universe, ours.get(from) ?? from, todaysNames(universe, ours.get(to) ?? to));
  });
  const task = "task" in record && typeof record.task === "string" ? { task: record.task } : {};
  const circuit = makeCircuit(universe, edges, null, { expression: "edge_list", ...task });
  const losses = ["an edge list has no scores and does not say what its model is"];
  const repeats = edges.length - circuit.edges.length;
  if (repeats > 0) losses.push(`${repeats} edges are listed more than once`);
  return { circuit, losses };
}

/** Writes a circuit as an edge list. */
export function circuitToEdgeList(circuit: Circuit): Exported {
  const { universe, edges, scores } = circuit;
  const pairs = Array.from(edges, (edge) => {
    const { writer, reader } = endsOf(universe, edge);
    const [from, to] = [universe.writers[writer].name, universe.readers[reader].name];
    return JSON.stringify([theirs[from] ?? from, theirs[to] ?? to]);
  });
  return {
    text: `[\n${pairs.map((pair) => `    ${pair}`).join(",\n")}\n]\n`,
    losses: [
      "the model and the provenance are not written",
      ...lostAblation(circuit),
      ...(scores ? ["scores are not written"] : []),
      ...(universe.convention.embeddings === "joint"
        ? ["`embed` is written as `embeds`: the form has separate token and position embeddings"]
        : []),
    ],
  };
}
