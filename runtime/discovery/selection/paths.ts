/** Paths of a given number of edges: the smallest circuits. @module */
import { flowOf } from "../../universe/flow.ts";
import { liveNodes } from "../../universe/reachability.ts";
import { endsOf, type Universe } from "../../universe/universe.ts";

/** A path that ends at a writer or at the logits: its worst place in the order, its last edge, and what comes before that. */
interface Path {
  readonly worst: number;
  readonly edge: number;
  readonly before?: Path;
}

/**
 * By scores [edges], for each number of edges up to `most` the path from the input to the logits whose worst edge is best; the shortest first,
 * none for a number of which there is no path.
 *
 * @param order the edges that paths may take, best first
 */
export function* pathsOfLengths(
  universe: Universe,
  order: Uint32Array,
  most: number,
): Generator<Uint32Array> {
  const { first, end } = flowOf(universe);
  const { reached, matters } = liveNodes(universe, new Uint32Array(0));
  const start: Path = { worst: -1, edge: -1 };
  let paths = Array.from(reached, (yes) => yes ? start : undefined);
  for (let length = 1; length <= most; length++) {
    const longer: typeof paths = universe.writers.map(() => undefined);
    let whole: Path | undefined;
    for (const [place, edge] of order.entries()) {
      const { writer, reader } = endsOf(universe, edge);
      const path = paths[writer];
      if (path === undefined) continue;
      const worst = Math.max(place, path.worst);
      const next: Path = { worst, edge, ...(path !== start && { before: path }) };
      if (matters[reader]) {
        if (whole === undefined || worst < whole.worst) whole = next;
        continue;
      }
      for (let w = first[reader]; w < end[reader]; w++) {
        const other = longer[w];
        if (other === undefined || worst < other.worst) longer[w] = next;
      }
    }
    if (whole) yield edgesOf(whole);
    paths = longer;
  }
}

function edgesOf(path: Path): Uint32Array {
  const edges: number[] = [];
  for (let at: Path | undefined = path; at; at = at.before) edges.push(at.edge);
  return Uint32Array.from(edges).sort();
}
