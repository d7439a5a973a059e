/** Node pruning as a method: what it learns is in training/node_pruning.ts. @module */
import { load } from "../../../base/load.ts";
import type { Method } from "../method.ts";
import { gradients } from "../cost.ts";
import { trainingMethod, type TrainingOptions, trainingOptions } from "../training/method.ts";
import type { TrainingState } from "../training/training.ts";
import type { Gates } from "../training/gates.ts";

export const nodePruning: Method<TrainingOptions, TrainingState<Gates>> = trainingMethod({
  name: "node_pruning",
  about: "Edge Pruning with one mask per component: a component keeps all of its edges or none.",
  source: "Bhaskar et al. 2024, arXiv:2406.16778",
  options: trainingOptions,
  passes: (options, { drawn }) => gradients(drawn(options)),
  learner: async (...given) =>
    (await load<typeof import("../training/node_pruning.ts")>(
      import.meta.resolve("../training/node_pruning.ts"),
    )).learnNodes(...given),
});
