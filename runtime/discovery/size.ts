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

/** Options of a search that say how many edges it ends with. */
export interface SizeOptions {
  readonly keep?: Keep;
  readonly edgeSparsity?: SparsitySchedule;
  readonly threshold?: number | null;
}

const sizesOf = ({ keep, edgeSparsity }: SizeOptions, universe: Universe) => ({
  keep: keep === undefined || typeof keep === "object" && "above" in keep
    ? undefined
    : budgetOf(keep, universe),
  schedule: edgeSparsity && Math.round(universe.edgeCount * (1 - endOf(edgeSparsity))),
});

/** The edges that `keep` and the schedule end with, where both are given and differ. */
export function twoSizes(
  options: SizeOptions,
  universe: Universe,
): { readonly keep: number; readonly schedule: number } | undefined {
  const { keep, schedule } = sizesOf(options, universe);
  if (keep === undefined || schedule === undefined || keep === schedule) return undefined;
  return { keep, schedule };
}

/** Number of edges that a search would end with; all of them where only the search can tell. */
export function plannedSize(options: SizeOptions, universe: Universe): number {
  const byScore = typeof options.threshold === "number" ||
    typeof options.keep === "object" && "above" in options.keep;
  const { keep, schedule } = byScore ? {} : sizesOf(options, universe);
  return keep ?? schedule ?? universe.edgeCount;
}
