/**
 * Activation patching of single edges: each is cut alone, and the effect is measured. Exact where the others
 * estimate, and one forward pass over the examples for every edge.
 *
 * @module
 */
import type { Method } from "../method.ts";
import { edgesSearched } from "../cost.ts";
import { scoringMethod, type ScoringOptions, scoringOptions } from "../scoring/method.ts";

export const activationPatching: Method<ScoringOptions> = scoringMethod({
  name: "activation_patching",
  about: "Cuts every edge by itself and measures what changes. Exact for single edges, and slow.",
  source: "Zhang & Nanda 2024, arXiv:2309.16042",
  options: scoringOptions,
  passes: (options, search) => ({
    forward: search.examples * (edgesSearched(options, search) + 1),
    gradient: 0,
    bound: "exactly",
  }),
  async score({ objective, base, step }) {
    const scores = new Float32Array(base.length).fill(NaN);
    const edges = [...base.keys()].filter((edge) => base[edge] > 0);
    await using sequence = objective.sequence();
    const [before] = await sequence.losses([base]);
    const { masksPerPass } = sequence;
    for (let first = 0; first < edges.length; first += masksPerPass) {
      const some = edges.slice(first, first + masksPerPass);
      const masks = some.map((edge) => base.map((open, e) => e === edge ? 0 : open));
      const losses = await sequence.losses(masks);
      some.forEach((edge, i) => scores[edge] = losses[i] - before);
      const further = some.map((_, i) => step(first + i + 1, edges.length, losses[i], masks[i]));
      if (further.includes(false)) break;
    }
    return scores;
  },
});
