/** A circuit of the size that a search would give, for what is asked of it before it is found. @module */
import {
  type Circuit,
  makeCircuit,
  underAblation,
  type Universe,
} from "../../../runtime/circuits/mod.ts";
import { budgetOf, discover, type Keep, methods } from "../../../runtime/discovery/mod.ts";
import type { ProgramAblation } from "../../../runtime/programs/mod.ts";
import type { Options } from "./options.ts";
import type { Search } from "./search.ts";

export async function plannedCircuit(
  { method, model, options, ablation }: Search,
): Promise<Circuit> {
  const { universe } = model;
  if (methods[method].needs === "program") {
    // The known circuit stands in for a computed one.
    const input = { masked: { model: model.model, universe }, plan: model.plan };
    return (await discover("ground_truth", input, { ablation: ablation as ProgramAblation }))
      .circuit;
  }
  const edges = Array.from({ length: sizeOf(options, universe) }, (_, edge) => edge);
  const scores = new Float32Array(universe.edgeCount).map((_, edge) => -edge);
  const provenance = underAblation({ expression: "planned" }, ablation);
  return makeCircuit(universe, edges, scores, provenance);
}

/** Number of edges that a discovery would keep; all of them where only the discovery can tell. */
function sizeOf(options: Options, universe: Universe): number {
  const { keep, edgeSparsity, threshold } = options as {
    readonly keep?: Keep;
    readonly edgeSparsity?: { readonly to: number };
    readonly threshold?: number | null;
  };
  const all = universe.edgeCount;
  if (typeof threshold === "number") return all;
  if (typeof keep === "object" && "above" in keep) return all;
  if (keep !== undefined) return budgetOf(keep, universe);
  return edgeSparsity === undefined ? all : Math.round(all * (1 - edgeSparsity.to));
}
