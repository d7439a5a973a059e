/**
 * Uniform gradient sampling (Li & Janson 2024, arXiv:2409.09951) as a method: what it learns is in
 * training/uniform_gradient_sampling.ts.
 *
 * @module
 */
import { load } from "../../../base/load.ts";
import type { Method } from "../method.ts";
import { inCircuit } from "../options.ts";
import { gradients } from "../cost.ts";
import { trainingMethod, type TrainingOptions, trainingOptions } from "../training/method.ts";
import type { TrainingState } from "../training/training.ts";
import type { Learned } from "../training/uniform_gradient_sampling.ts";

export interface UniformGradientSamplingOptions extends TrainingOptions {
  /** Masks drawn a step. */
  readonly samples: number;
}

export const uniformGradientSampling: Method<
  UniformGradientSamplingOptions,
  TrainingState<Learned>
> = trainingMethod({
  name: "uniform_gradient_sampling",
  about: "Averages mask gradients over masks drawn at random.",
  source: "Li & Janson 2024, arXiv:2409.09951",
  options: { ...trainingOptions, samples: inCircuit("samples", 1) },
  passes: (options, { drawn }) => gradients(drawn(options) * options.samples),
  learner: async (...given) =>
    (await load<typeof import("../training/uniform_gradient_sampling.ts")>(
      import.meta.resolve("../training/uniform_gradient_sampling.ts"),
    )).learnProbabilities(...given),
});
