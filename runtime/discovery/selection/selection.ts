/**
 * Which edges a method keeps once they have scores.
 *
 * @module
 */
import { reachableEdges } from "../../universe/reachability.ts";
import { flowOf } from "../../universe/flow.ts";
import { endsOf, type Universe } from "../../universe/universe.ts";
import { DiscoveryError } from "../method.ts";
import { selectBest, type Selection } from "./select.ts";
import { ranking } from "../../circuits/ranking.ts";

/** How much is kept: exactly so many edges, a share of the universe's edges, or all with a greater score. */
export type Keep = number | { readonly share: number } | { readonly above: number };

export interface SelectionOptions {
  readonly keep: Keep;
  /** `top`: the best by score. `greedy`: the best that lead to what is already taken, from the logits back (Hanna et al. 2024). */
  readonly select: "top" | "greedy";
  /** Only these edges may be kept; default: all. */
  readonly within?: Uint32Array;
}

/**
 * Chooses edges by score. All that are returned lie on a path from the input to the logits; fewer than asked for only
 * where no more do.
 *
 * @throws {DiscoveryError} if `keep` is out of range
 */
export function selectEdges(
  universe: Universe,
  scores: ArrayLike<number>,
  { keep, select, within }: SelectionOptions,
): Selection {
  const allowed = within && membersOf(universe, within);
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
      throw new DiscoveryError(
        `Cannot keep a share of the edges as it must be from 0 to 1: current value is ${keep.share}`,
      );
    }
    return Math.round(keep.share * edgeCount);
  }
  if (!Number.isInteger(keep) || keep < 0 || keep > edgeCount) {
    throw new DiscoveryError(
      `Cannot keep edges as their number must be whole, from 0 to ${edgeCount}: current value is ${keep}`,
    );
  }
  return keep;
}

/** 1 for the edges of a set, one entry per edge of the universe. */
export function membersOf({ edgeCount }: Universe, edges: Iterable<number>): Uint8Array {
  const members = new Uint8Array(edgeCount);
  for (const edge of edges) members[edge] = 1;
  return members;
}

/**
 * Edges in the order in which a search from the logits back takes them: always the best of those whose reader already
 * leads to the logits.
 */
export function greedyOrder(
  universe: Universe,
  scores: ArrayLike<number>,
  allowed?: Uint8Array,
): Uint32Array {
  const flow = flowOf(universe);
  const rank = new Uint32Array(universe.edgeCount);
  const byScore = ranking(scores);
  byScore.forEach((edge, place) => rank[edge] = place);
  // Ranks of the edges that may be taken next, least first.
  const open = createHeap();
  const opened = new Uint8Array(universe.readers.length);
  const openReader = (reader: number) => {
    if (opened[reader]) return;
    opened[reader] = 1;
    for (let edge = universe.offset[reader]; edge < universe.offset[reader + 1]; edge++) {
      if (!allowed || allowed[edge]) open.push(rank[edge]);
    }
  };
  openReader(universe.readers.length - 1);
  const order: number[] = [];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const edge = byScore[place];
    order.push(edge);
    for (const reader of flow.readersOf[endsOf(universe, edge).writer]) openReader(reader);
  }
  return Uint32Array.from(order);
}

/** A binary heap of numbers, least first. */
function createHeap() {
  const items: number[] = [];
  const swap = (i: number, j: number) => [items[i], items[j]] = [items[j], items[i]];
  return {
    push(item: number): void {
      items.push(item);
      for (let i = items.length - 1; i > 0;) {
        const parent = (i - 1) >> 1;
        if (items[parent] <= items[i]) break;
        swap(i, parent);
        i = parent;
      }
    },
    pop(): number | undefined {
      const first = items[0];
      const last = items.pop();
      if (items.length === 0) return first;
      items[0] = last!;
      for (let i = 0;;) {
        const [left, right] = [2 * i + 1, 2 * i + 2];
        let least = i;
        if (left < items.length && items[left] < items[least]) least = left;
        if (right < items.length && items[right] < items[least]) least = right;
        if (least === i) return first;
        swap(i, least);
        i = least;
      }
    },
  };
}
