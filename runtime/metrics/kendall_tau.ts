/** Kendall's tau. @module */
import type { NamedMetric } from "./metric.ts";

/**
 * Agreement of the circuit and the full model on the order of the example's answers, right and wrong: Kendall's tau-b
 * between the two models' logits of these tokens, as Bhaskar et al. (2024) measure it on the hundred two-digit years.
 * With one right and one wrong answer it is 1 or -1.
 */
export const kendallTau: NamedMetric = {
  name: "kendall_tau",
  about:
    "Kendall's rank correlation between the circuit's and the full model's order of the examples' answers.",
  source: "Kendall 1945, as Bhaskar et al. 2024 take it, arXiv:2406.16778",
  range: "-1 to 1",
  bounds: [-1, 1],
  relative: true,
  better: "higher",
  reads: "log_probabilities",
  needsWrong: true,
  value({ logits, target }, { answers, wrong }) {
    const tokens = [...new Set([...answers, ...wrong])];
    return tauB(tokens.map((token) => logits[token]), tokens.map((token) => target[token]));
  },
};

/**
 * Kendall's tau-b: (concordant - discordant) / sqrt((pairs untied in x) (pairs untied in y)) over all pairs
 * (Kendall 1945). 0 when x or y ties everything, since then there is no order to agree with.
 */
export function tauB(x: readonly number[], y: readonly number[]): number {
  let [agreement, untiedX, untiedY] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [Math.sign(x[i] - x[j]), Math.sign(y[i] - y[j])];
      agreement += a * b;
      untiedX += a * a;
      untiedY += b * b;
    }
  }
  return untiedX === 0 || untiedY === 0 ? 0 : agreement / Math.sqrt(untiedX * untiedY);
}
