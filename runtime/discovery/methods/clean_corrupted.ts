/**
 * Clean-corrupted attribution (Hanna et al. 2024, arXiv:2403.17806): the readers' gradients at the clean and at the corrupted run are
 * averaged and multiplied with what each writer changes between the two: integrated gradients with nothing but the ends.
 *
 * @module
 */
import type { Method } from "../method.ts";
import { gradients } from "../cost.ts";
import { inputEdges } from "../scoring/stages.ts";
import { scoringMethod, type ScoringOptions, scoringOptions } from "../scoring/method.ts";

export const cleanCorrupted: Method<ScoringOptions> = scoringMethod({
  name: "clean_corrupted",
  about:
    "Averages the gradients at the clean and at the corrupted run: an integrated gradient of two points.",
  source: "Hanna et al. 2024, arXiv:2403.17806",
  followsGradient: true,
  options: scoringOptions,
  movesInputs: () => true,
  passes: (_, { examples }) => gradients(2 * examples),
  async score({ objective, universe, base, step }) {
    const scores = new Float32Array(base.length);
    // With the embeddings' edges closed and all others open, the model runs on the corrupted prompt, and gradients flow.
    const corrupted = base.slice();
    for (const edge of inputEdges(universe)) corrupted[edge] = 0;
    for (const [i, z] of [base, corrupted].entries()) {
      const { loss, gradient } = await objective.gradient(z, undefined, { differencesAt: base });
      for (let edge = 0; edge < scores.length; edge++) scores[edge] -= gradient[edge] / 2;
      if (!step(i + 1, 2, loss, z)) break;
    }
    return scores;
  },
});
