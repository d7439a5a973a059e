/**
 * Edge attribution patching with integrated gradients (Hanna et al. 2024, arXiv:2403.17806): the gradient is averaged along a path from
 * the corrupted to the clean run, so that an edge whose gradient happens to vanish at the full model is seen.
 *
 * Three paths are offered:
 * - `inputs`: the embeddings go from corrupted to clean while the rest of the model follows them; readers' gradients on
 *   the way are multiplied with the whole difference that each writer makes. The published EAP-IG; `steps` gradients.
 * - `activations`: one layer's writers at a time go from corrupted to clean while all others stay clean, and the gradient
 *   scores the edges that leave them; (2 * layers + 1) * steps gradients.
 * - `masks`: all masks together go from 0 to 1. What all edges score then adds up to the whole difference between the
 *   corrupted and the full run (completeness of integrated gradients, Sundararajan et al. 2017, arXiv:1703.01365); `steps` gradients.
 *
 * The path is sampled at the middles of `steps` equal pieces.
 *
 * @module
 */
import { load } from "../../../base/load.ts";
import type { Method } from "../method.ts";
import { inCircuit } from "../options.ts";
import { gradients } from "../cost.ts";
import { edgesByStage } from "../scoring/stages.ts";
import type { IntegrationOptions } from "../scoring/integrated_gradients.ts";
import { scoringMethod, type ScoringOptions, scoringOptions } from "../scoring/method.ts";

export type EapIgOptions = ScoringOptions & IntegrationOptions;

export const eapIg: Method<EapIgOptions> = scoringMethod({
  name: "eap_ig",
  about:
    "Edge attribution patching with integrated gradients: averages the gradient along the way from the corrupted to the clean run.",
  source: "Hanna et al. 2024, arXiv:2403.17806",
  followsGradient: true,
  options: {
    ...scoringOptions,
    steps: inCircuit("steps", 5),
    integrate: inCircuit("integrate", "inputs"),
  },
  movesInputs: ({ integrate }) => integrate === "inputs",
  passes: ({ steps, integrate }, { examples, universe }) =>
    gradients(examples * steps * (integrate === "activations" ? edgesByStage(universe).length : 1)),
  score: async (...scoring) =>
    (await load<typeof import("../scoring/integrated_gradients.ts")>(
      import.meta.resolve("../scoring/integrated_gradients.ts"),
    )).integratedScores(...scoring),
});
