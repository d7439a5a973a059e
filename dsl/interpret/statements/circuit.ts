/** `circuit NAME { ... }`: a circuit that is found, read from a file, or written out. @module */
import {
  edgeBetween,
  makeCircuit,
  openCircuit,
  type Provenance,
} from "../../../runtime/circuits/mod.ts";
import { ablationNamed } from "../../../runtime/stream/mod.ts";
import type { CheckedEdge, Piece, StatementOf } from "../../check/program.ts";
import { aboutOf, askedOf } from "../circuit/search.ts";
import { findDeclared } from "../circuit/find.ts";
import type { Context } from "../context.ts";
import { at } from "../error.ts";
import { settle } from "../settle.ts";
import type { CircuitValue } from "../values.ts";

export async function runCircuit(checked: StatementOf<"circuit">, context: Context): Promise<void> {
  context.env.set(checked.symbol, await circuitFrom(checked, context));
}

async function circuitFrom(
  checked: StatementOf<"circuit">,
  context: Context,
): Promise<CircuitValue> {
  const { source, symbol } = checked;
  if (source.kind === "file") return await read(source.file, checked, context);
  if (source.kind === "edges") return await writtenOut(source.edges, checked, context);
  const asked = await askedOf(checked, source, context);
  return await findDeclared(asked, symbol, context);
}

async function read(
  file: Piece,
  checked: StatementOf<"circuit">,
  context: Context,
): Promise<CircuitValue> {
  const { source } = context;
  const about = aboutOf(checked, context);
  const path = source.path(file.text);
  context.effects.read(path);
  const circuit = await at(source.place(file), () => openCircuit(path, about.model.universe));
  const ablation = ablationNamed(circuit.provenance.options?.ablation);
  return { ...about, circuit, ...(ablation && { ablation }) };
}

async function writtenOut(
  edges: readonly CheckedEdge[],
  checked: StatementOf<"circuit">,
  context: Context,
): Promise<CircuitValue> {
  const about = aboutOf(checked, context);
  const { universe } = about.model;
  const scores = new Float32Array(universe.edgeCount).fill(NaN);
  const numbers: number[] = [];
  for (const { from, to, score, span } of edges) {
    const place = context.source.place({ span });
    const edge = await at(place, () => edgeBetween(universe, from, to));
    numbers.push(edge);
    if (score !== undefined) scores[edge] = await settle<number>(score, context);
  }
  const provenance: Provenance = { expression: "edges", name: checked.symbol.name };
  const scored = scores.some((score) => !Number.isNaN(score));
  return { ...about, circuit: makeCircuit(universe, numbers, scored ? scores : null, provenance) };
}
