/**
 * Edge attribution patching (Syed et al. 2023, arXiv:2310.10348): every edge is scored by the gradient of its mask at the full model, a
 * linear estimate of what cutting it does. One forward and backward pass over the examples.
 *
 * KL from the full model is least at the full model, so its gradient there is zero: EAP needs another objective.
 *
 * @module
 */
import type { Method } from "../method.ts";
import { gradients } from "../cost.ts";
import { scoringMethod, type ScoringOptions, scoringOptions } from "../scoring/method.ts";

export const eap: Method<ScoringOptions> = scoringMethod({
  name: "eap",
  about:
    "Edge attribution patching: scores every edge by the gradient of its mask at the full model. One pass over the examples.",
  source: "Syed et al. 2023, arXiv:2310.10348",
  followsGradient: true,
  options: scoringOptions,
  refuses: {
    objective: "kl",
    unless: "within",
    why: "the gradient of `kl` is zero at the full model, where `eap` takes it",
    instead: "`find eap_ig`",
  },
  passes: (_, { examples }) => gradients(examples),
  async score({ objective, base, step }) {
    const { loss, gradient } = await objective.gradient(base);
    step(1, 1, loss, base);
    // To first order, cutting an edge takes its mask from 1 to 0.
    return gradient.map((value) => -value);
  },
});
