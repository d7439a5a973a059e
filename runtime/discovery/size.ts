/** Numbers of edges that a search is to end with. @module */
import { shownShare } from "../../base/number_text.ts";
import type { Universe } from "../universe/universe.ts";
import { cannotKeep } from "./error.ts";
import { endOf, type SparsitySchedule } from "./training/sparsity.ts";

/** Amount to keep: exactly so many edges, a share of the universe's edges, or all edges with a greater score. */
export type Keep = number | { readonly share: number } | { readonly above: number };

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

/** The edges that `keep` and the schedule end with, where both are given and differ. */
export function twoSizes(
  { keep, edgeSparsity }: { readonly keep?: Keep; readonly edgeSparsity?: SparsitySchedule },
  universe: Universe,
): { readonly keep: number; readonly schedule: number } | undefined {
  if (!edgeSparsity || keep === undefined) return undefined;
  if (typeof keep === "object" && "above" in keep) return undefined;
  const sizes = {
    keep: budgetOf(keep, universe),
    schedule: Math.round(universe.edgeCount * (1 - endOf(edgeSparsity))),
  };
  return sizes.keep === sizes.schedule ? undefined : sizes;
}
