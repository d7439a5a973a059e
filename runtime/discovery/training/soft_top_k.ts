/**
 * Soft top-k masks (no paper): every edge has a score, and the masks are a soft choice of the k best,
 *
 *     z_e = sigmoid((s_e - t) / T)        with t such that sum(z) = k,
 *
 * so that the number of open edges is exact at every step and no multiplier is needed. k falls from all edges to what
 * is kept, and the temperature T falls with it, so that the choice ends nearly hard. The derivative follows t:
 * dz_e/ds_f = slope_e (delta_ef - slope_f / sum(slope)), slope = z (1 - z) / T.
 *
 * Noise of one logistic unit of temperature is added to the scores, which lets edges that were left out come back.
 *
 * @module
 */
import { randomFrom } from "../../../base/random.ts";
import type { Universe } from "../../universe/universe.ts";
import { type AdamState, initAdam, updateAdam } from "./adam.ts";
import { bestByScore } from "./candidate.ts";
import type { Learner } from "./training.ts";
import { quantilesOf } from "./warm_start.ts";
import type { SoftTopKOptions } from "../methods/soft_top_k.ts";

/** s, [edges]. */
export interface Learned {
  readonly scores: Float64Array;
  readonly adam: AdamState;
}

/** Learns one score per edge through a soft choice of the best ones. */
export function learnSoftTopK(universe: Universe, options: SoftTopKOptions): Learner<Learned> {
  const { temperature: [from, to], steps } = options;
  return {
    start: ({ length }) => ({ scores: startScores(length, options), adam: initAdam(length) }),
    async step({ scores, adam }, { step, objective, base, chosen, random, target, rate }) {
      const temperature = from * (to / from) ** (step / Math.max(1, steps - 1));
      const noisy = scores.map((score, edge) => {
        const u = random.openUniform();
        return base[edge] > 0 ? score + temperature * (Math.log(u) - Math.log1p(-u)) : -Infinity;
      });
      const z = softTop(noisy, target, temperature);
      const { loss, gradient } = await objective.gradient(Float32Array.from(z), chosen);
      updateAdam(adam, scores, softTopGradient(z, gradient, temperature), rate);
      return { loss, open: z.reduce((sum, value) => sum + value, 0) };
    },
    circuit({ scores }, base, budget) {
      const known = Float32Array.from(scores, (s, edge) => base[edge] > 0 ? s : NaN);
      return bestByScore(universe, base, known, budget);
    },
  };
}

/** sigmoid((s - t) / temperature), [edges], with t such that the sum is `count`; -Infinity stays 0. */
export function softTop(scores: Float64Array, count: number, temperature: number): Float64Array {
  const finite = scores.filter(Number.isFinite);
  if (count >= finite.length) return scores.map((score) => Number.isFinite(score) ? 1 : 0);
  const at = (t: number) => (score: number) => 1 / (1 + Math.exp((t - score) / temperature));
  const sum = (t: number) => finite.reduce((total, score) => total + at(t)(score), 0);
  let low = finite.reduce((a, b) => Math.min(a, b), Infinity) - 50 * temperature;
  let high = finite.reduce((a, b) => Math.max(a, b), -Infinity) + 50 * temperature;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (sum(middle) > count) low = middle;
    else high = middle;
  }
  return scores.map(at((low + high) / 2));
}

/** Derivative [edges] by the scores of a loss whose derivative by the soft choice is given. */
export function softTopGradient(
  z: Float64Array,
  gradient: ArrayLike<number>,
  temperature: number,
): Float64Array {
  const slope = z.map((value) => value * (1 - value) / temperature);
  const total = slope.reduce((sum, value) => sum + value, 0);
  let along = 0;
  for (let e = 0; e < z.length; e++) along += gradient[e] * slope[e];
  const shift = total === 0 ? 0 : along / total;
  return slope.map((value, e) => value * (gradient[e] - shift));
}

/** Ranks of a warm start's scores spread over two units; without one, nearly nothing. */
function startScores(count: number, { warmStart, seed }: SoftTopKOptions): Float64Array {
  const random = randomFrom(seed, "start");
  const scores = Float64Array.from({ length: count }, () => 0.01 * random.normal());
  const spread = warmStart && quantilesOf(warmStart);
  spread?.forEach((quantile, edge) => scores[edge] += 2 * quantile - 1);
  return scores;
}
