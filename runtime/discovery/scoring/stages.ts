/** Edges by what they leave. @module */
import { endsOf, type Universe } from "../../universe/universe.ts";

/** Edges that leave the embeddings; none where they are always kept. */
export function inputEdges(universe: Universe): number[] {
  return Array.from({ length: universe.edgeCount }, (_, edge) => edge)
    .filter((edge) => universe.writers[endsOf(universe, edge).writer].layer < 0);
}

/** Edges by what they leave: the embeddings, then each layer's heads, then its MLP. */
export function edgesByStage(universe: Universe): readonly number[][] {
  const stageOf = (edge: number) => {
    const { layer, kind } = universe.writers[endsOf(universe, edge).writer];
    return layer < 0 ? "embeddings" : `${layer} ${kind}`;
  };
  // Each reader's edges follow the order of the writers, and so do the stages.
  const edges = Array.from({ length: universe.edgeCount }, (_, edge) => edge);
  return [...Map.groupBy(edges, stageOf).values()];
}
