/**
 * DOT, Graphviz's language: one node per component and one edge per edge, which says the reader and the
 * score. Graphviz and the tools around it draw it as it is, and it reads back.
 *
 * ```dot
 * digraph "ep" {
 *   graph [rankdir=BT, provenance="{\"expression\":\"edge_pruning\", ...}", universe="layers 4, heads 8, ..."]
 *   "tok" [kind=tok]
 *   "tok" -> "a0.h1" [reader="a0.h1.v", score=0.98]
 * }
 * ```
 *
 * @module
 */
import { load } from "../../../base/load.ts";
import type { Circuit, Provenance } from "../circuit.ts";
import { fills, strokes } from "../drawing/palette.ts";
import { CircuitError } from "../../universe/errors.ts";
import { drivenIn } from "../../universe/flow.ts";
import { parsedJson, provenanceFrom, universeFromRecord } from "./records.ts";
import { edgeBetween, todaysNames } from "../../universe/names.ts";
import { shortFloat32 } from "../../../base/float_text.ts";
import { requireSameUniverse } from "../../universe/same.ts";
import { expressionOf, inOrder } from "../provenance.ts";
import { makeCircuit } from "../sets.ts";
import { universeFields, universeText } from "./text.ts";
import { endsOf, type Universe } from "../../universe/universe.ts";
import type { CircuitForm, Exported, Imported } from "./form.ts";

/** Graphviz's language. */
export const dot: CircuitForm = {
  name: "dot",
  of: "circuit",
  picture: true,
  endings: [".dot", ".gv"],
  about: "a graph for Graphviz",
  write: circuitToDot,
  read: circuitFromDot,
  fits: (start) => /^\s*((\/\/|#).*\s+)*(strict\s+)?digraph\b/.test(start),
};

/** Writes a circuit as DOT. An edge into an input that several heads share points at the first of them that other edges touch. */
export function circuitToDot(circuit: Circuit): Exported {
  const { universe, edges, scores, provenance } = circuit;
  const { writers, readers } = universe;
  const driven = drivenIn(universe, edges);
  const used = new Map<string, keyof typeof fills>();
  const strongest = edges.reduce(
    (most, edge) => Math.max(most, Number.isFinite(scores?.[edge]) ? Math.abs(scores![edge]) : 0),
    0,
  );
  const lines = Array.from(edges, (edge) => {
    const { writer, reader } = endsOf(universe, edge);
    const { kind, name } = readers[reader];
    const from = writers[writer];
    const to = kind === "logits" ? undefined : writers[driven(reader)[0]];
    used.set(from.name, from.kind);
    used.set(to?.name ?? name, to?.kind ?? "logits");
    const score = scores ? scores[edge] : NaN;
    const known = !Number.isNaN(score);
    const width = known && strongest > 0 ? 0.5 + 2.5 * Math.min(1, Math.abs(score) / strongest) : 1;
    return `  ${quoted(from.name)} -> ${quoted(to?.name ?? name)} [reader=${quoted(name)}${
      known ? `, score=${numeral(score)}` : ""
    }, color="${strokes[kind]}", penwidth=${Number(width.toFixed(2))}]`;
  });
  const nodes = [...used].map(([name, kind]) =>
    `  ${quoted(name)} [kind=${kind}, fillcolor="${fills[kind].fill}", color="${
      fills[kind].stroke
    }"]`
  );
  const kept = new Set(edges);
  const others = scores?.some((score, edge) => !Number.isNaN(score) && !kept.has(edge));
  return {
    text: [
      `digraph ${quoted(expressionOf(circuit))} {`,
      `  graph [rankdir=BT, provenance=${quoted(JSON.stringify(inOrder(provenance)))}, universe="${
        universeText(universe)
      }"]`,
      `  node [shape=box, style="rounded,filled", fontname=Helvetica]`,
      ...nodes,
      ...lines,
      "}",
      "",
    ].join("\n"),
    losses: others ? ["scores of edges that are left out are not written"] : [],
  };
}

/** A score as DOT has it: its numbers have no exponent, so that `1e-7` is a text. */
function numeral(score: number): string {
  const text = shortFloat32(score);
  return /e/.test(text) ? quoted(text) : text;
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", " ")}"`;
}

/**
 * Reads DOT. The universe is the one that the graph names, or `expected`. An edge to a head must name its
 * input by the attribute `reader`.
 *
 * @throws {CircuitError} for text that Graphviz does not parse, another universe, and names that the universe lacks
 */
export async function circuitFromDot(text: string, expected?: Universe): Promise<Imported> {
  const graph = await parse(text);
  const stored = graph.universe === undefined
    ? undefined
    : universeFromRecord(universeFields(graph.universe));
  if (stored && expected) requireSameUniverse(stored, expected, "the circuit and the model");
  const universe = expected ?? stored;
  if (!universe) {
    throw new CircuitError("the graph does not say what its model is", "open it for a model");
  }
  const scores = new Float32Array(universe.edgeCount).fill(NaN);
  let scored = 0;
  const edges = (graph.edges ?? []).map(({ tail, head, reader, score }) => {
    const [from, to] = [graph.objects![tail].name, graph.objects![head].name];
    const edge = edgeBetween(universe, from, todaysNames(universe, reader ?? to));
    if (score !== undefined && (score.trim() === "" || Number.isNaN(Number(score)))) {
      throw new CircuitError(`\`${from} -> ${reader ?? to}\`: \`${score}\` is not a score`);
    }
    if (score !== undefined) [scores[edge], scored] = [Number(score), scored + 1];
    return edge;
  });
  return {
    circuit: makeCircuit(universe, edges, scored ? scores : null, provenanceOf(graph)),
    losses: graph.provenance === undefined ? ["the graph has no provenance"] : [],
  };
}

/** Files of an earlier version have the expression alone. */
function provenanceOf({ provenance, made_by: expression = "dot" }: Parsed): Provenance {
  // Of a quoted text the parser undoes escaped quotes, and leaves escaped backslashes.
  return provenance === undefined
    ? { expression }
    : provenanceFrom(parsedJson(provenance.replaceAll("\\\\", "\\")));
}

interface Parsed {
  readonly universe?: string;
  readonly provenance?: string;
  readonly made_by?: string;
  readonly objects?: readonly { readonly name: string }[];
  readonly edges?: readonly {
    readonly tail: number;
    readonly head: number;
    readonly reader?: string;
    readonly score?: string;
  }[];
}

async function parse(text: string): Promise<Parsed> {
  try {
    const { graphviz } = await load<typeof import("../drawing/graphviz.ts")>(
      import.meta.resolve("../drawing/graphviz.ts"),
    );
    return JSON.parse((await graphviz()).layout(text, "dot_json", "nop"));
  } catch (error) {
    throw new CircuitError(`the text is not DOT: ${(error as Error).message}`);
  }
}
