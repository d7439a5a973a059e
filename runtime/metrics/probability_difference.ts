/** Probability difference. @module */
import { coefficientsOf, logSumExp, type NamedMetric } from "./metric.ts";

/**
 * Probability of all right answers together less that of all wrong ones, over the whole vocabulary
 * (Hanna et al. 2023); without wrong answers, the probability of the right ones.
 */
export const probabilityDifference: NamedMetric = {
  name: "probability_difference",
  about:
    "Probability of all right answers together less that of all wrong ones. Without wrong answers, the probability of the right ones.",
  source: "Hanna et al. 2023, arXiv:2305.00586",
  range: "-1 to 1",
  bounds: [-1, 1],
  relative: false,
  better: "higher",
  reads: "log_probabilities",
  needsWrong: false,
  value({ logits }, { answers, wrong }) {
    const shift = logSumExp(logits);
    const total = (tokens: Int32Array) =>
      tokens.reduce((sum, token) => sum + Math.exp(logits[token] - shift), 0);
    return total(answers) - total(wrong);
  },
  loss: (examples, vocabulary) => ({
    kind: "probabilities",
    coefficients: coefficientsOf(examples, vocabulary, () => ({ answer: 1, wrong: -1 })),
  }),
};
