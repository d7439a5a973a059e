/** Circuits of compiled programs, as methods find them: the program is asked, and no model is run. @module */
import { load } from "../../base/load.ts";
import { parseEdge } from "../universe/names.ts";
import type { Universe } from "../universe/universe.ts";
import type { CompiledProgram, ProgramAblation } from "../programs/mod.ts";
import { unknownTruth } from "./error.ts";
import { circuitFields } from "./fields.ts";
import type { Discovery, SearchInput } from "./method.ts";
import type { Standard } from "./options.ts";

const { interchange, zero } = circuitFields.ablation.choices;

/** The ablation under which a program's circuit is asked for. */
export const programAblation: Standard<ProgramAblation> = {
  ...circuitFields.ablation,
  choices: { interchange, zero },
  circuit: "ablation",
  default: "interchange",
};

/**
 * A program's circuit as a discovery.
 *
 * @param ask asks the program for the edges' names, `writer -> reader`, and a note; the room of programs is loaded for it
 * @throws {DiscoveryError} if the model comes from no program
 */
export async function truthFound(
  input: SearchInput,
  method: string,
  options: object,
  ask: (
    plan: CompiledProgram,
    programs: typeof import("../programs/mod.ts"),
  ) => { readonly names: readonly string[]; readonly note: string },
): Promise<Discovery> {
  const { masked: { universe, model }, plan } = input;
  if (plan === undefined) {
    throw unknownTruth(model.name);
  }
  const { discoveryOf } = await load<typeof import("./discovery.ts")>(
    import.meta.resolve("./discovery.ts"),
  );
  const start = performance.now();
  const { names, note } = ask(
    plan,
    await load<typeof import("../programs/mod.ts")>(import.meta.resolve("../programs/mod.ts")),
  );
  const edges = edgesOfNames(names, universe);
  const seconds = (performance.now() - start) / 1000;
  return await discoveryOf(input, {
    method,
    options,
    selection: { edges, raw: edges.length, reachable: edges.length },
    scores: null,
    steps: [],
    cost: { forward: 0, gradient: 0, seconds },
    stopped: false,
    note,
  });
}

/** A program's edges as the universe counts them: writers and readers that it joins are one. */
function edgesOfNames(names: readonly string[], universe: Universe): Uint32Array {
  const { embeddings, qkv } = universe.convention;
  const numbers = new Set<number>();
  for (const edge of names) {
    const [writer, reader] = edge.split(" -> ");
    const embedded = writer === "tok" || writer === "pos";
    // Edges of kept embeddings are no part of any circuit, as they are in all of them.
    if (embedded && embeddings === "kept") continue;
    const from = embedded && embeddings === "joint" ? "embed" : writer;
    const to = qkv === "joint" ? reader.replace(/\.[qkv]$/, "") : reader;
    numbers.add(parseEdge(universe, `${from} -> ${to}`));
  }
  return Uint32Array.from(numbers).sort();
}
