/**
 * Edges by what they leave.
 *
 * @module
 */
import { endsOf, type Universe } from "../../universe/universe.ts";
import { DiscoveryError } from "../error.ts";

/**
 * Edges that leave the embeddings.
 *
 * @throws {DiscoveryError} if the universe does not count them, so that no mask takes the inputs from corrupted to clean
 */
export function inputEdges(universe: Universe): number[] {
  if (universe.convention.embeddings === "kept") {
    throw new DiscoveryError(
      "the edges of the embeddings are always kept here, so the inputs cannot be corrupted",
      "take a model with `split embeddings` or `join embeddings`",
    );
  }
  return Array.from({ length: universe.edgeCount }, (_, edge) => edge)
    .filter((edge) => universe.writers[endsOf(universe, edge).writer].layer < 0);
}

/** Edges by what they leave: the embeddings, then each layer's heads, then its MLP. */
export function edgesByStage(universe: Universe): readonly number[][] {
  const stages = new Map<string, number[]>();
  for (const { layer, kind } of universe.writers) {
    const key = layer < 0 ? "embeddings" : `${layer} ${kind}`;
    if (!stages.has(key)) stages.set(key, []);
  }
  for (let edge = 0; edge < universe.edgeCount; edge++) {
    const { layer, kind } = universe.writers[endsOf(universe, edge).writer];
    stages.get(layer < 0 ? "embeddings" : `${layer} ${kind}`)!.push(edge);
  }
  return [...stages.values()].filter((edges) => edges.length > 0);
}
