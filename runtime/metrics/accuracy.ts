/** Accuracy. @module */
import { argmax, type NamedMetric } from "./metric.ts";

/** 1 where the most likely token of all is a right answer, else 0. */
export const accuracy: NamedMetric = {
  name: "accuracy",
  about: "Share of examples whose most likely token is a right answer.",
  source: "no paper",
  range: "0 to 1",
  isShare: true,
  relative: false,
  better: "higher",
  reads: "log_probabilities",
  needsWrong: false,
  value: ({ logits }, { answers }) => answers.includes(argmax(logits)) ? 1 : 0,
};
