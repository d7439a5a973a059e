/** Components that have a gate of their own: heads and MLPs. Embeddings have none. @module */
import { endsOf, type Universe } from "../../universe/universe.ts";

export interface Components {
  readonly count: number;
  /** The component that each edge leaves, [edges]; -1 for edges that leave an embedding. */
  readonly ofEdge: Int32Array;
}

export function componentsOf(universe: Universe): Components {
  const first = universe.writers.findIndex(({ layer }) => layer >= 0);
  return {
    count: universe.writers.length - first,
    ofEdge: Int32Array.from(
      { length: universe.edgeCount },
      (_, edge) => Math.max(-1, endsOf(universe, edge).writer - first),
    ),
  };
}
