/** Soft top-k masks as a method: what it learns is in training/soft_top_k.ts. @module */
import { load } from "../../../base/load.ts";
import type { Method } from "../method.ts";
import { inSchedule } from "../options.ts";
import { gradients } from "../cost.ts";
import { trainingMethod, type TrainingOptions, trainingOptions } from "../training/method.ts";
import type { TrainingState } from "../training/training.ts";
import type { Learned } from "../training/soft_top_k.ts";

export interface SoftTopKOptions extends TrainingOptions {
  /** Temperature at the beginning and at the end. */
  readonly temperature: readonly [number, number];
}

export const softTopK: Method<SoftTopKOptions, TrainingState<Learned>> = trainingMethod({
  name: "soft_top_k",
  about: "Trains scores through a soft choice of the best edges, of exactly the size that is kept.",
  source: "no paper",
  options: {
    ...trainingOptions,
    maskRate: inSchedule("learning_rate", 0.1),
    temperature: {
      ...inSchedule<SoftTopKOptions["temperature"]>("temperature", [0.5, 0.1]),
      read: (temperature) => [Number(temperature), Number(temperature)],
    },
  },
  passes: (options, { drawn }) => gradients(drawn(options)),
  recorded: ({ temperature: [from, to], ...plain }) => ({
    ...plain,
    temperatureFrom: from,
    temperatureTo: to,
  }),
  learner: async (...given) =>
    (await load<typeof import("../training/soft_top_k.ts")>(
      import.meta.resolve("../training/soft_top_k.ts"),
    )).learnSoftTopK(...given),
});
