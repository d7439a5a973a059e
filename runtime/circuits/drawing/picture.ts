/**
 * Contents of a drawing: components as boxes, in rows from the embeddings up to the logits, and
 * edges between them. Which edges are drawn is decided here; where things go, elsewhere.
 *
 * @module
 */
import type { Circuit } from "../circuit.ts";
import { drivenIn } from "../../universe/flow.ts";
import { bestEdges } from "../ranking.ts";
import { CircuitError } from "../../universe/errors.ts";
import { expressionOf } from "../provenance.ts";
import { headsText, isShared } from "../../universe/names.ts";
import { endsOf, type ReaderKind, type WriterKind } from "../../universe/universe.ts";

export interface Box {
  readonly name: string;
  readonly kind: WriterKind | "logits";
  /** Row from below: 0 the embeddings, then two per layer (heads, MLP), then the logits. */
  readonly row: number;
  /** Inputs of a head that are drawn apart. */
  readonly inputs: ReadonlySet<ReaderKind>;
}

export interface Line {
  readonly from: string;
  readonly to: string;
  /** The input at which it arrives. */
  readonly kind: ReaderKind;
  /** The edge as text, as tooltip. */
  readonly title: string;
  /** NaN where it is unknown. */
  readonly score: number;
}

export interface Picture {
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  /** One sentence for each fact that is not drawn, as losses of forms are. */
  readonly notes: readonly string[];
}

/** Chooses what to draw: all edges, or the `most` strongest when there are more. */
export function pictureOf(circuit: Circuit, most: number): Picture {
  const { universe, scores } = circuit;
  const { writers, readers, shape, convention } = universe;
  const notes: string[] = [];
  let edges = circuit.edges;
  if (edges.length > most) {
    if (!scores) {
      throw new CircuitError(
        `\`${
          expressionOf(circuit)
        }\` has ${edges.length} edges and no scores to choose by, and at most ${most} are drawn`,
        "draw a part of it, such as what flows through one component",
      );
    }
    const strength = scores.map((score) => Math.abs(score));
    edges = bestEdges(edges, strength, most);
    notes.push(
      `the ${most} strongest of ${circuit.edges.length.toLocaleString("en-US")} edges are drawn`,
    );
  }
  if (convention.embeddings === "kept") {
    notes.push("the embeddings feed every input and are not drawn");
  }
  if (convention.qkv === "split" && shape.keyValueHeads < shape.heads) {
    const group = shape.heads / shape.keyValueHeads;
    notes.push(`key and value inputs are shared by groups of ${group} heads, and drawn at each`);
  }

  const driven = drivenIn(universe, edges);
  const ends = Array.from(edges, (edge) => ({ edge, ...endsOf(universe, edge) }));
  const inputs = new Map<string, Set<ReaderKind>>();
  const lines: Line[] = [];
  for (const { edge, writer, reader } of ends) {
    const { kind, name } = readers[reader];
    const shared = isShared(universe, readers[reader]);
    const targets = kind === "logits"
      ? ["logits"]
      : driven(reader).map((writer) => writers[writer].name);
    for (const to of targets) {
      inputs.set(to, (inputs.get(to) ?? new Set()).add(kind));
      lines.push({
        from: writers[writer].name,
        to,
        kind,
        title: `${writers[writer].name} -> ${name}${
          shared ? ` of ${headsText(universe, readers[reader])}` : ""
        }`,
        score: scores ? scores[edge] : NaN,
      });
    }
  }
  const names = new Set(lines.flatMap(({ from, to }) => [from, to]));
  const boxes: Box[] = writers.filter(({ name }) => names.has(name)).map((writer) => ({
    name: writer.name,
    kind: writer.kind,
    row: writer.layer < 0 ? 0 : 1 + 2 * writer.layer + (writer.kind === "mlp" ? 1 : 0),
    inputs: inputs.get(writer.name) ?? new Set(),
  }));
  if (names.has("logits")) {
    boxes.push({
      name: "logits",
      kind: "logits",
      row: 1 + 2 * shape.layers,
      inputs: inputs.get("logits")!,
    });
  }
  return { boxes, lines, notes };
}
