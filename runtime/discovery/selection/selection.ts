/** Choice of the edges that a method keeps, by their scores. @module */
import { shownShare } from "../../../base/number_text.ts";
import { reachableEdges } from "../../universe/reachability.ts";
import { maskOf, type Universe } from "../../universe/universe.ts";
import { cannotKeep } from "../error.ts";
import { greedyOrder } from "./greedy.ts";
import { selectBest, type Selection } from "./select.ts";
import { ranking } from "../../circuits/mod.ts";

/** Amount to keep: exactly so many edges, a share of the universe's edges, or all edges with a greater score. */
export type Keep = number | { readonly share: number } | { readonly above: number };

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

/** The number of edges that `keep` asks for. */
export function budgetOf(
  keep: number | { readonly share: number },
  { edgeCount }: Universe,
): number {
  if (typeof keep === "object") {
    if (!(keep.share >= 0 && keep.share <= 1)) {
      throw cannotKeep(shownShare(keep.share), edgeCount);
    }
    return Math.round(keep.share * edgeCount);
  }
  if (!Number.isInteger(keep) || keep < 0 || keep > edgeCount) {
    throw cannotKeep(keep, edgeCount);
  }
  return keep;
}
