/**
 * Node pruning as a method: what it learns is in training/node_pruning.ts.
 *
 * @module
 */
import { defineMethod, type Method } from "../method.ts";
import { gradients } from "../cost.ts";
import { type TrainingOptions, trainingOptions } from "../training/options.ts";
import type { TrainingState } from "../training/training.ts";
import type { Gates } from "../training/gates.ts";

export type NodePruningOptions = TrainingOptions;

export const nodePruning: Method<NodePruningOptions, TrainingState<Gates>> = defineMethod<
  NodePruningOptions,
  TrainingState<Gates>
>({
  name: "node_pruning",
  about: "Edge Pruning with one mask per component: a component keeps all of its edges or none.",
  source: "Bhaskar et al. 2024, arXiv 2406.16778",
  needs: "examples",
  followsGradient: true,
  size: ["edge_sparsity", "keep"],
  options: trainingOptions,
  passes: ({ steps, batch }) => gradients(steps * batch),
  run: async (...search) => (await import("../training/node_pruning.ts")).pruneNodes(...search),
});
