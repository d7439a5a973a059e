/**
 * Edge attribution patching with integrated gradients (Hanna et al. 2024): the gradient is averaged along a path from
 * the corrupted to the clean run, so that an edge whose gradient happens to vanish at the full model is seen.
 *
 * Three paths are offered:
 * - `inputs`: the embeddings go from corrupted to clean while the rest of the model follows them; readers' gradients on
 *   the way are multiplied with the whole difference that each writer makes. The published EAP-IG; `steps` gradients.
 * - `activations`: one layer's writers at a time go from corrupted to clean while all others stay clean, and the gradient
 *   scores the edges that leave them; (2 * layers + 1) * steps gradients.
 * - `masks`: all masks together go from 0 to 1. What all edges score then adds up to the whole difference between the
 *   corrupted and the full run (completeness of integrated gradients, Sundararajan et al. 2017); `steps` gradients.
 *
 * The path is sampled at the middles of `steps` equal pieces.
 *
 * @module
 */
import type { Universe } from "../../universe/universe.ts";
import { endsOf } from "../../universe/universe.ts";
import { DiscoveryError, type Method } from "../method.ts";
import {
  discoverByScores,
  scaled,
  type Scoring,
  scoringDefaults,
  type ScoringOptions,
} from "../scoring.ts";

export interface EapIgOptions extends ScoringOptions {
  /** Points of the path. */
  readonly steps: number;
  readonly integrate: "inputs" | "activations" | "masks";
}

const defaults: EapIgOptions = { ...scoringDefaults, steps: 5, integrate: "inputs" };

export const eapIg: Method<EapIgOptions> = {
  name: "eap_ig",
  defaults,
  run(input, given = {}, hooks = {}) {
    const options = { ...defaults, ...given };
    return discoverByScores(input, "eap_ig", { ...options }, hooks, (scoring) => {
      return integratedScores(scoring, input.masked.universe, options);
    });
  },
};

/** One score per edge; the part that was done when a step says stop. */
export async function integratedScores(
  { objective, base, step }: Scoring,
  universe: Universe,
  { steps, integrate }: Pick<EapIgOptions, "steps" | "integrate">,
): Promise<Float32Array> {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new DiscoveryError(
      `Cannot integrate gradients as steps must be a whole number from 1: current value is ${steps}`,
    );
  }
  const inputs = integrate === "inputs" ? inputEdges(universe) : [];
  const groups = integrate === "activations" ? edgesByStage(universe) : [Array.from(base.keys())];
  const scores = new Float32Array(base.length);
  for (const [g, group] of groups.entries()) {
    for (let point = 0; point < steps; point++) {
      const share = (point + 0.5) / steps;
      const z = integrate === "masks" ? scaled(base, share) : base.slice();
      for (const edge of integrate === "activations" ? group : inputs) z[edge] *= share;
      const { loss, gradient } = await objective.gradient(
        z,
        undefined,
        integrate === "inputs" ? { differencesAt: base } : undefined,
      );
      for (const edge of group) scores[edge] -= gradient[edge] / steps;
      if (!step(g * steps + point + 1, groups.length * steps, loss, z)) return scores;
    }
  }
  return scores;
}

/**
 * Edges that leave the embeddings.
 *
 * @throws {DiscoveryError} if the universe does not count them, so that no mask takes the inputs from corrupted to clean
 */
export function inputEdges(universe: Universe): number[] {
  if (universe.convention.embeddings === "kept") {
    throw new DiscoveryError(
      "Cannot corrupt the inputs as the embeddings' edges must be masked: they are always kept",
    );
  }
  return Array.from({ length: universe.edgeCount }, (_, edge) => edge)
    .filter((edge) => universe.writers[endsOf(universe, edge).writer].layer < 0);
}

/** Edges by what they leave: the embeddings, then each layer's heads, then its MLP. */
export function edgesByStage(universe: Universe): readonly number[][] {
  const stages = new Map<string, number[]>();
  for (const { layer, kind } of universe.writers) {
    const key = layer < 0 ? "embeddings" : `${layer} ${kind}`;
    if (!stages.has(key)) stages.set(key, []);
  }
  for (let edge = 0; edge < universe.edgeCount; edge++) {
    const { layer, kind } = universe.writers[endsOf(universe, edge).writer];
    stages.get(layer < 0 ? "embeddings" : `${layer} ${kind}`)!.push(edge);
  }
  return [...stages.values()].filter((edges) => edges.length > 0);
}
