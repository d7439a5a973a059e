/** `circuit NAME { ... }`: a circuit that is found, read from a file, or written out. @module */
import {
  type Circuit,
  edgeBetween,
  importCircuit,
  type Imported,
  makeCircuit,
  openCircuit,
  type Provenance,
  requireSameUniverse,
} from "../../../runtime/circuits/mod.ts";
import type { CheckedEdge, Piece, StatementOf } from "../../check/program.ts";
import { aboutOf, askedOf } from "../circuit/search.ts";
import { tellNoPath } from "../circuit/remarks.ts";
import { findDeclared } from "../circuit/find.ts";
import type { Context } from "../context.ts";
import { at } from "../error.ts";
import { settle } from "../settle.ts";
import type { CircuitValue, ModelValue } from "../values.ts";

export async function runCircuit(checked: StatementOf<"circuit">, context: Context): Promise<void> {
  const { source, symbol } = checked;
  const declare = async () => context.env.set(symbol, await circuitFrom(checked, context));
  if (source.kind === "search" && context.defers !== "nothing") context.env.defer(symbol, declare);
  else await declare();
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
  const { model } = about;
  const { circuit, losses } = await at(source.place(file), () => openFor(model, path));
  for (const loss of losses) context.effects.note(`note: ${file.text}: ${loss}`, context);
  tellNoPath(circuit, file.text, context);
  await tellOtherWeights(circuit, model, file, context);
  const provenance = { ...circuit.provenance, name: checked.symbol.name };
  return { ...about, circuit: { ...circuit, provenance } };
}

/** @throws {CircuitError} if the file holds no circuit of the model */
async function openFor({ universe, name }: ModelValue, path: string): Promise<Imported> {
  return await importCircuit(path, universe).catch(async (error) => {
    const stored = await openCircuit(path).catch(() => null);
    const found = stored?.provenance.model?.name;
    if (found !== undefined) {
      requireSameUniverse(
        stored!.universe,
        universe,
        `the circuit was found on \`${found}\` and is read for \`${name}\`, which`,
      );
    }
    throw error;
  });
}

/** A circuit that was found on other weights than the model's is used, with a note. */
async function tellOtherWeights(
  { provenance: { model: found } }: Circuit,
  { model, name }: ModelValue,
  file: Piece,
  context: Context,
): Promise<void> {
  const { effects, source } = context;
  if (found === undefined) return;
  const hash = await at(source.place(file), () => model.hash());
  if (hash === found.hash) return;
  effects.note(
    `note: ${file.text}: the circuit was found on \`${found.name}\` with weights ${
      found.hash.slice(0, 12)
    }, and \`${name}\` has weights ${hash.slice(0, 12)}`,
    context,
  );
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
  const circuit = makeCircuit(universe, numbers, scored ? scores : null, provenance);
  tellNoPath(circuit, checked.symbol.name, context);
  return { ...about, circuit };
}
