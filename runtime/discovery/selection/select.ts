/** From scores to a circuit of exactly the size asked for, with nothing in it that reaches nothing. @module */
import { ranking, type Tie, tieOf } from "../../circuits/mod.ts";
import { liveNodes, reachableEdges } from "../../universe/reachability.ts";
import { endsOf, type Universe } from "../../universe/universe.ts";
import { pathsOfLengths } from "./paths.ts";

/** A selection, and the numbers to report. */
export interface Selection {
  /** Edges on a path that were measured in a clean-up, which removed others of them; absent where there was none. */
  readonly beforeCleanUp?: number;
  /** Edges kept, ascending: all are on a path from the input to the logits. */
  readonly edges: Uint32Array;
  /** Number of edges taken by score before those that reach nothing were dropped. */
  readonly raw: number;
  /** `edges.length`. */
  readonly reachable: number;
  /** Edges of the least score that is kept, where edges that were left out have it as well: their numbers decided. */
  readonly tie?: Tie;
}

/**
 * The best edges by score [edges] such that `budget` of them are on a path from the input to the logits.
 *
 * The longest prefix of the ranking whose useful part fits the budget is taken. If the next edge would connect more
 * than fits, the worst edges of the larger prefix are taken away again, or, where that cannot meet the budget, single
 * edges further down fill what is left, of that prefix or of a path. Fewer than the budget are kept only where no further
 * edge would be on a path.
 *
 * @param order the edges that may be taken, best first; default: all by score
 * @throws {RangeError} if the budget is not a whole number from 0.
 */
export function selectBest(
  universe: Universe,
  scores: ArrayLike<number>,
  budget: number,
  order: Uint32Array = ranking(scores),
): Selection {
  if (!Number.isInteger(budget) || budget < 0) {
    throw new RangeError(`Cannot keep ${budget} edges: it must be a whole number from 0`);
  }
  const useful = (count: number) => reachableEdges(universe, order.slice(0, count).sort());
  const selected = (edges: Uint32Array, raw: number): Selection => {
    const tie = tieOf(scores, edges, order);
    return { edges, raw, reachable: edges.length, ...(tie && { tie }) };
  };
  let fits = Math.min(budget, order.length);
  let above = order.length + 1;
  // The useful part only grows with the prefix, so the longest that fits is found by halving.
  while (above - fits > 1) {
    const middle = (fits + above) >> 1;
    if (useful(middle).length <= budget) fits = middle;
    else above = middle;
  }
  const edges = useful(fits);
  if (edges.length === budget || fits === order.length) return selected(edges, fits);
  const trimmed = trim(universe, useful(fits + 1), order, budget);
  if (trimmed.length === budget) return selected(trimmed, fits + 1);
  let filled = fill(universe, edges, order, budget);
  if (filled.length < budget) {
    // A budget of few edges may need another beginning.
    for (const path of pathsOfLengths(universe, order, budget)) {
      const along = fill(universe, path, order, budget);
      if (along.length > filled.length) filled = along;
      if (filled.length === budget) break;
    }
  }
  return selected(filled, fits);
}

/** Takes the worst edges away again, as long as at least `budget` useful ones stay. */
function trim(
  universe: Universe,
  edges: Uint32Array,
  order: Uint32Array,
  budget: number,
): Uint32Array {
  let kept = edges;
  for (let i = order.length - 1; i >= 0 && kept.length > budget; i--) {
    if (!kept.includes(order[i])) continue;
    const fewer = reachableEdges(universe, kept.filter((edge) => edge !== order[i]));
    if (fewer.length >= budget) kept = fewer;
  }
  return kept;
}

/**
 * Adds to the edges [edges] the best of an order [order] between a reached writer and a reader that matters: such an edge connects nothing else, and
 * changes neither what is reached nor what matters, so one walk down the ranking finds them all.
 */
export function fill(
  universe: Universe,
  edges: Uint32Array,
  order: Uint32Array,
  budget: number,
): Uint32Array {
  const { reached, matters } = liveNodes(universe, edges);
  const taken = new Set(edges);
  for (let i = 0; i < order.length && taken.size < budget; i++) {
    const { writer, reader } = endsOf(universe, order[i]);
    if (reached[writer] && matters[reader]) taken.add(order[i]);
  }
  return Uint32Array.from(taken).sort();
}
