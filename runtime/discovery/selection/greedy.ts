/**
 * Greedy search from the logits back (Hanna et al. 2024, arXiv:2403.17806): always the best edge of those whose reader already
 * leads to the logits.
 *
 * @module
 */
import { ranking } from "../../circuits/mod.ts";
import { flowOf } from "../../universe/flow.ts";
import { endsOf, type Universe } from "../../universe/universe.ts";

/**
 * Edges in the order in which the search takes them.
 *
 * @param scores [edges]
 * @param allowed 1 for edges that may be taken, [edges]; default: all
 */
export function greedyOrder(
  universe: Universe,
  scores: ArrayLike<number>,
  allowed?: Float32Array,
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
