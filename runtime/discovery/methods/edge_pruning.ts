/**
 * Edge Pruning (Bhaskar et al. 2024, arXiv:2406.16778) as a method: what it learns is in training/edge_pruning.ts.
 *
 * @module
 */
import { load } from "../../../base/load.ts";
import type { PassCounts } from "../cost.ts";
import { cleanUpPasses, passesHalfByHalf } from "../elimination/options.ts";
import { defineMethod, type Method } from "../method.ts";
import {
  checkSteps,
  type EdgePruningOptions,
  edgePruningOptions,
  edgesToKeep,
  resolveOptions,
} from "../training/edge_pruning_options.ts";
import type { EdgePruningState } from "../training/edge_pruning.ts";

export type { EdgePruningOptions, EdgePruningState };

export const edgePruning: Method<EdgePruningOptions, EdgePruningState> = defineMethod({
  name: "edge_pruning",
  about:
    "Trains one mask per edge by gradient descent until the sparsity that the schedule asks for is reached. Edges of the circuit are ranked by their effect as it shrinks, those beyond it by when their masks closed for good, so that one run gives a circuit of every size.",
  source: "Bhaskar et al. 2024, arXiv:2406.16778",
  needs: "examples",
  followsGradient: true,
  size: ["edge_sparsity", "keep"],
  options: edgePruningOptions,
  complete: (given, { edgeCount }) => resolveOptions(given, edgeCount),
  passes(options, search) {
    const { examples, universe } = search;
    const forward = checkSteps(options).size * examples;
    const gradient = search.drawn(options);
    const budget = edgesToKeep(options, universe.edgeCount);
    const ordered = passesHalfByHalf(budget) * Math.min(options.batch, examples);
    if (options.cleanUp === null) {
      return { forward, gradient: gradient + ordered, bound: "at most" };
    }
    const { least, most } = cleanUpPasses(options.cleanUp, budget, search);
    const added = (more: PassCounts, gradients = 0) => ({
      forward: forward + more.forward,
      gradient: gradient + more.gradient + gradients,
    });
    return { ...added(least), bound: "between", most: added(most, ordered) };
  },
  run: async (...search) =>
    (await load<typeof import("../training/edge_pruning.ts")>(
      import.meta.resolve("../training/edge_pruning.ts"),
    )).pruneEdges(...search),
});
