/** A circuit of the size that a search would give, for what is asked of it before it is found. @module */
import {
  type Circuit,
  makeCircuit,
  underAblation,
  type Universe,
} from "../../../runtime/circuits/mod.ts";
import { discover, methods, plannedSize } from "../../../runtime/discovery/mod.ts";
import type { ProgramAblation } from "../../../runtime/programs/mod.ts";
import type { Options } from "./options.ts";
import type { Search } from "./search.ts";

export async function plannedCircuit(
  { method, model, options, ablation, name }: Search,
): Promise<Circuit> {
  const { universe } = model;
  if (methods[method].needs === "program") {
    // The known circuit stands in for a computed one.
    const input = { masked: { model: model.model, universe }, plan: model.plan };
    return (await discover("ground_truth", input, { ablation: ablation as ProgramAblation }))
      .circuit;
  }
  const size = plannedSize(options, universe);
  const edges = Array.from({ length: size }, (_, edge) => edge);
  const known = scoredOf(options, size, universe);
  const scores = new Float32Array(universe.edgeCount).map((_, edge) => edge < known ? -edge : NaN);
  const provenance = underAblation({ name, expression: "planned" }, ablation);
  return makeCircuit(universe, edges, scores, provenance);
}

/** Most edges that get a score: those that a search is within, or that its first stage leaves. */
function scoredOf(options: Options, size: number, { edgeCount }: Universe): number {
  const { within, firstFactor, firstShare } = options as {
    readonly within?: Uint32Array;
    readonly firstFactor?: number;
    readonly firstShare?: number;
  };
  const left = firstFactor === undefined || firstShare === undefined
    ? edgeCount
    : Math.round(Math.max(firstFactor * size, firstShare * edgeCount));
  return Math.min(left, within?.length ?? edgeCount);
}
