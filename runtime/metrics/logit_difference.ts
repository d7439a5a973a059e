/** Logit difference. @module */
import { coefficientsOf, type NamedMetric } from "./metric.ts";

/**
 * Mean logit of the right answers less the mean logit of the wrong ones (Wang et al. 2022, where there is one of
 * each).
 */
export const logitDifference: NamedMetric = {
  name: "logit_difference",
  about: "Logit of the right answer less the logit of the wrong one; of sets, the mean over each.",
  source: "Wang et al. 2022, arXiv:2211.00593",
  relative: false,
  better: "higher",
  reads: "log_probabilities",
  needsWrong: true,
  value: ({ logits }, { answers, wrong }) => mean(logits, answers) - mean(logits, wrong),
  loss: (examples, vocabulary) => ({
    kind: "logits",
    coefficients: coefficientsOf(examples, vocabulary, ({ answers, wrong }) => ({
      answer: 1 / answers.length,
      wrong: -1 / wrong.length,
    })),
  }),
};

function mean(logits: Float32Array, tokens: Int32Array): number {
  return tokens.reduce((sum, token) => sum + logits[token], 0) / tokens.length;
}
