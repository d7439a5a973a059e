/**
 * Node pruning: Edge Pruning with one mask per component, so that a head or an MLP keeps all of its outgoing edges or none.
 * Embeddings stay. Masks are hard-concrete gates (Louizos et al. 2018, arXiv:1712.01312), as for the node masks of Edge
 * Pruning (Bhaskar et al. 2024, arXiv:2406.16778).
 *
 * Components are kept in the order of their probability of being open, as many as fit the edges asked for; a circuit of
 * components therefore often has somewhat fewer.
 *
 * @module
 */
import { ranking } from "../../circuits/mod.ts";
import { reachableEdges } from "../../universe/reachability.ts";
import type { Universe } from "../../universe/universe.ts";
import type { Selection } from "../selection/select.ts";
import { type Components, componentsOf } from "./components.ts";
import { drawGates, type Gates, startGates, updateGates } from "./gates.ts";
import { logAlphaFor, openProbability } from "./hard_concrete.ts";
import type { TrainingOptions } from "./method.ts";
import type { Learner } from "./training.ts";
import { quantilesOf } from "./warm_start.ts";

/** Probability of being open that gates start with. */
const START_OPEN = 0.95;

/** Learns one gate per component; the best components keep their edges. */
export function learnNodes(
  universe: Universe,
  { warmStart, multiplierRate }: TrainingOptions,
): Learner<Gates> {
  const components = componentsOf(universe);
  const { count, ofEdge } = components;
  return {
    start(base) {
      const size = new Float64Array(count);
      base.forEach((value, edge) => {
        if (ofEdge[edge] >= 0) size[ofEdge[edge]] += value;
      });
      const logAlpha = new Float64Array(count).fill(logAlphaFor(START_OPEN));
      // The better a component's best score, the more open: by half a unit of log-odds either way.
      const spread = warmStart && quantilesOf(bestScores(warmStart, components));
      spread?.forEach((quantile, gate) => logAlpha[gate] += quantile - 0.5);
      return startGates(logAlpha, size);
    },
    async step(gates, { objective, base, chosen, random, target, rate }) {
      const drawn = drawGates(gates, Float64Array.from({ length: count }, random.openUniform));
      const z = base.map((value, edge) => ofEdge[edge] < 0 ? value : value * drawn.z[ofEdge[edge]]);
      const { loss, gradient } = await objective.gradient(z, chosen);
      const byGate = new Float64Array(count);
      let fixed = 0;
      for (let edge = 0; edge < z.length; edge++) {
        const gate = ofEdge[edge];
        if (gate < 0) fixed += base[edge];
        else byGate[gate] += gradient[edge] * base[edge] * drawn.slope[gate];
      }
      const open = updateGates(gates, byGate, { target: target - fixed, rate, multiplierRate });
      return { loss, open: open + fixed };
    },
    circuit({ logAlpha }, base, budget) {
      const scores = logAlpha.map((a) => Math.log(openProbability(a)));
      return {
        ...selectNodes(universe, base, ofEdge, scores, budget),
        scores: Float32Array.from(ofEdge, (gate, edge) => {
          if (base[edge] === 0) return NaN;
          return gate < 0 ? 0 : scores[gate];
        }),
      };
    },
  };
}

/** The best score of each component's edges, [components]. */
function bestScores(scores: Float32Array, { count, ofEdge }: Components): Float64Array {
  const best = new Float64Array(count).fill(-Infinity);
  scores.forEach((score, edge) => {
    const gate = ofEdge[edge];
    if (gate >= 0 && score > best[gate]) best[gate] = score;
  });
  return best;
}

/** All edges among the embeddings and the best components, as many of these as give at most `budget` edges on a path. */
function selectNodes(
  universe: Universe,
  base: Float32Array,
  ofEdge: Int32Array,
  scores: Float64Array,
  budget: number,
): Selection {
  const order = ranking(scores);
  const edgesOf = (nodes: number) => {
    const kept = new Uint8Array(scores.length);
    for (const node of order.slice(0, nodes)) kept[node] = 1;
    // Edges into a component that is not kept lead nowhere: reachability drops them.
    return Uint32Array.from(
      [...ofEdge.keys()].filter((edge) =>
        base[edge] > 0 && (ofEdge[edge] < 0 || kept[ofEdge[edge]] === 1)
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
