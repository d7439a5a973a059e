/** Choice of the edges that a method keeps, by their scores. @module */
import { reachableEdges } from "../../universe/reachability.ts";
import { maskOf, type Universe } from "../../universe/universe.ts";
import { budgetOf, type Keep } from "../size.ts";
import { greedyOrder } from "./greedy.ts";
import { selectBest, type Selection } from "./select.ts";
import { ranking } from "../../circuits/mod.ts";

export interface SelectionOptions {
  readonly keep: Keep;
  /** `top`: the best by score. `greedy`: the best that lead to what is already taken, from the logits back (Hanna et al. 2024, arXiv:2403.17806). */
  readonly select: "top" | "greedy";
  /** Only these edges may be kept; default: all. */
  readonly within?: Uint32Array;
}

/**
 * Chooses edges by score. All that are returned are on a path from the input to the logits; fewer than asked for only
 * where no more do.
 *
 * @throws {DiscoveryError} if `keep` is out of range
 */
export function selectEdges(
  universe: Universe,
  scores: ArrayLike<number>,
  { keep, select, within }: SelectionOptions,
): Selection {
  const allowed = within && maskOf(universe, within);
  if (typeof keep === "object" && "above" in keep) {
    const raw = Uint32Array.from({ length: universe.edgeCount }, (_, e) => e)
      .filter((e) => scores[e] > keep.above && (!allowed || allowed[e]));
    const edges = reachableEdges(universe, raw);
    return { edges, raw: raw.length, reachable: edges.length };
  }
  let order = select === "greedy" ? greedyOrder(universe, scores, allowed) : ranking(scores);
  if (allowed) order = order.filter((edge) => allowed[edge] === 1);
  return selectBest(universe, scores, budgetOf(keep, universe), order);
}
