/** Exact match. @module */
import { argmax, type Metric } from "./metric.ts";

/** 1 where the most likely token is the full model's, right or wrong, else 0. */
export const exactMatch: Metric = {
  name: "exact_match",
  better: "higher",
  reads: "log_probabilities",
  needsWrong: false,
  value: ({ logits, target }) => argmax(logits) === argmax(target) ? 1 : 0,
};
