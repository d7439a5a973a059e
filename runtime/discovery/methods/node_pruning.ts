/**
 * Node pruning: Edge Pruning with one mask per component, so that a head or an MLP keeps all of its outgoing edges or none.
 * Embeddings stay.
 *
 * Components are kept in the order of their probability of being open, as many as fit the edges asked for; a circuit of
 * components therefore often has somewhat fewer.
 *
 * @module
 */
import { reachableEdges } from "../../universe/reachability.ts";
import { endsOf, type Universe } from "../../universe/universe.ts";
import { learnGates } from "../training/gated.ts";
import type { Method } from "../method.ts";
import { discoveryOf } from "../scoring.ts";
import type { Selection } from "../selection/select.ts";
import { ranking } from "../../circuits/ranking.ts";
import { trainingDefaults, type TrainingOptions } from "../training/training.ts";

export type NodePruningOptions = TrainingOptions;

export const nodePruning: Method<NodePruningOptions> = {
  name: "node_pruning",
  defaults: trainingDefaults,
  async run(input, given = {}, hooks = {}) {
    const options = { ...trainingDefaults, ...given };
    const { universe } = input.masked;
    const first = universe.writers.findIndex(({ layer }) => layer >= 0);
    const gateOf = Int32Array.from(
      { length: universe.edgeCount },
      (_, edge) => Math.max(-1, endsOf(universe, edge).writer - first),
    );
    const count = universe.writers.length - first;
    const { scores, training } = await learnGates(input, options, hooks, gateOf, count);
    const { objective, base, budget, steps, stopped } = training;
    const edgeScores = Float32Array.from(gateOf, (gate, edge) => {
      if (base[edge] === 0) return NaN;
      return gate < 0 ? 0 : scores[gate];
    });
    const selection = selectNodes(universe, base, gateOf, scores, budget);
    return await discoveryOf(
      input,
      "node_pruning",
      { ...options },
      selection,
      edgeScores,
      steps,
      objective.cost(),
      stopped,
    );
  },
};

/** All edges among the embeddings and the best components, as many of these as give at most `budget` edges on a path. */
export function selectNodes(
  universe: Universe,
  base: Float32Array,
  gateOf: Int32Array,
  scores: Float64Array,
  budget: number,
): Selection {
  const order = ranking(scores);
  const edgesOf = (nodes: number) => {
    const kept = new Uint8Array(scores.length);
    for (const node of order.slice(0, nodes)) kept[node] = 1;
    // Edges into a component that is not kept lead nowhere: reachability drops them.
    return Uint32Array.from(
      [...gateOf.keys()].filter((edge) =>
        base[edge] > 0 && (gateOf[edge] < 0 || kept[gateOf[edge]] === 1)
      ),
    );
  };
  let selection: Selection = { edges: new Uint32Array(0), raw: 0, reachable: 0 };
  for (let nodes = 0; nodes <= scores.length; nodes++) {
    const all = edgesOf(nodes);
    const edges = reachableEdges(universe, all);
    if (edges.length > budget) break;
    selection = { edges, raw: all.length, reachable: edges.length };
  }
  return selection;
}
