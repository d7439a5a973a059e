/** Accuracy. @module */
import { argmax, type Metric } from "./metric.ts";

/** 1 where the most likely token of all is a right answer, else 0. */
export const accuracy: Metric = {
  name: "accuracy",
  better: "higher",
  reads: "log_probabilities",
  needsWrong: false,
  value: ({ logits }, { answers }) => answers.includes(argmax(logits)) ? 1 : 0,
};
