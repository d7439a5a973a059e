/**
 * Edges of a circuit on a path from the input to the logits.
 *
 * The input is the embeddings (`tok`, `pos` or `embed`). A head is reached when any of its q, k and v
 * readers is reached, and a reader matters when any component that it drives leads to the logits.
 * "Any", not "all": with only q reached, the head's attention pattern follows the clean prompt while it
 * moves corrupted values, and its output does differ from the corrupted run's.
 * Dropping the other edges changes no output: a component that the input does not reach writes exactly
 * what it writes on the corrupted prompt, so its edges carry a difference of zero; and what leads
 * nowhere is never read. The exception are models with a norm over all heads of a layer, in which what
 * leads nowhere still has a part in the scale of its neighbours.
 *
 * @module
 */
import { flowOf } from "./flow.ts";
import type { Universe } from "./universe.ts";

/**
 * The circuit without the edges that cannot be reached from the input or cannot reach the logits. The circuit computes the
 * same, so its scores and provenance stay.
 *
 * @param circuit has the edge numbers `edges`, [kept]
 */
export function reachable<C extends { readonly universe: Universe; readonly edges: Uint32Array }>(
  circuit: C,
): C {
  return { ...circuit, edges: reachableEdges(circuit.universe, circuit.edges) };
}

/** The edges, of those [edges] given in ascending order without repeats, on a path from the input to the logits. */
export function reachableEdges(universe: Universe, edges: Uint32Array): Uint32Array {
  const { readers, offset, firstWriter } = universe;
  const { reached, matters } = liveNodes(universe, edges);
  // Searches ask this thousands of times, so that the loop has no call for each edge.
  const live = new Uint32Array(edges.length);
  let count = 0;
  for (let r = 0, i = 0; r < readers.length; r++) {
    for (; i < edges.length && edges[i] < offset[r + 1]; i++) {
      if (matters[r] && reached[edges[i] - offset[r] + firstWriter]) live[count++] = edges[i];
    }
  }
  return live.slice(0, count);
}

/** Writers that the input reaches, [writers], and readers that lead to the logits, [readers], through the given edges, [edges]. */
export function liveNodes(
  universe: Universe,
  edges: Uint32Array,
): { reached: Uint8Array; matters: Uint8Array } {
  const { readers, writers, offset, firstWriter } = universe;
  const flow = flowOf(universe);
  const keptEmbeddings = universe.convention.embeddings === "kept";

  // Readers are listed in an order in which the drivers of a reader's writers come before it,
  // so one pass forwards settles what is reached and one pass backwards what matters.
  const reached = new Uint8Array(writers.length);
  for (let w = 0; w < writers.length; w++) reached[w] = writers[w].layer < 0 ? 1 : 0;
  for (let r = 0, i = 0; r < readers.length; r++) {
    let read = keptEmbeddings;
    for (; i < edges.length && edges[i] < offset[r + 1]; i++) {
      read ||= reached[edges[i] - offset[r] + firstWriter] === 1;
    }
    if (read) reached.fill(1, flow.first[r], flow.end[r]);
  }

  const leads = new Uint8Array(writers.length);
  const matters = new Uint8Array(readers.length);
  for (let r = readers.length - 1, i = edges.length - 1; r >= 0; r--) {
    matters[r] = readers[r].kind === "logits" ? 1 : 0;
    for (let w = flow.first[r]; w < flow.end[r]; w++) matters[r] |= leads[w];
    for (; i >= 0 && edges[i] >= offset[r]; i--) {
      if (matters[r]) leads[edges[i] - offset[r] + firstWriter] = 1;
    }
  }
  return { reached, matters };
}
