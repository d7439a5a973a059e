/**
 * Integrated gradients of edges (Sundararajan et al. 2017, arXiv:1703.01365; for edges Hanna et al. 2024, arXiv:2403.17806):
 * the gradient averaged along a path from the corrupted to the clean run, at the middles of `steps` equal pieces.
 *
 * @module
 */
import type { Scoring } from "./scoring.ts";
import { edgesByStage, inputEdges } from "./stages.ts";

export interface IntegrationOptions {
  /** Points of the path. */
  readonly steps: number;
  readonly integrate: "inputs" | "activations" | "masks";
}

/**
 * Integrated gradients of the loss, [edges]; a part of them where a step says stop.
 *
 * @throws {RangeError} if `steps` is no whole number from 1
 */
export async function integratedScores(
  { objective, universe, base, step }: Scoring,
  { steps, integrate }: IntegrationOptions,
): Promise<Float32Array> {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(
      `Cannot integrate gradients as steps must be a whole number from 1: current value is ${steps}`,
    );
  }
  const inputs = integrate === "inputs" ? inputEdges(universe) : [];
  const groups = integrate === "activations" ? edgesByStage(universe) : [Array.from(base.keys())];
  const scores = new Float32Array(base.length);
  for (const [g, group] of groups.entries()) {
    for (let point = 0; point < steps; point++) {
      const share = (point + 0.5) / steps;
      const z = integrate === "masks" ? base.map((value) => value * share) : base.slice();
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
