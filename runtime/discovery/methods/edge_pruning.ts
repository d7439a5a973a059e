/**
 * Edge Pruning (Bhaskar et al. 2024, arXiv:2406.16778) as a method: what it learns is in training/edge_pruning.ts.
 *
 * @module
 */
import { load } from "../../../base/load.ts";
import { passesHalfByHalf } from "../elimination/options.ts";
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
  passes: (options, { examples, universe }) => ({
    forward: checkSteps(options).size * examples,
    gradient: options.steps * options.batch +
      (options.cleanUp === null
        ? passesHalfByHalf(edgesToKeep(options, universe.edgeCount)) *
          Math.min(options.batch, examples)
        : 0),
    bound: options.cleanUp === null ? "at most" : "at least",
  }),
  run: async (...search) =>
    (await load<typeof import("../training/edge_pruning.ts")>(
      import.meta.resolve("../training/edge_pruning.ts"),
    )).pruneEdges(...search),
});
