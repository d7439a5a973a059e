/** Exact match. @module */
import { argmax, type NamedMetric } from "./metric.ts";

/** 1 where the most likely token is the full model's, right or wrong, else 0. */
export const exactMatch: NamedMetric = {
  name: "exact_match",
  about: "Share of examples on which the circuit's most likely token is the full model's.",
  source: "Bhaskar et al. 2024, arXiv:2406.16778",
  range: "0 to 1",
  isShare: true,
  relative: true,
  label: "exact match with the full model",
  better: "higher",
  reads: "log_probabilities",
  needsWrong: false,
  value: ({ logits, target }) => argmax(logits) === argmax(target) ? 1 : 0,
};
