/**
 * Soft top-k masks: every edge has a score, and the masks are a soft choice of the k best,
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
import { defineMethod, type Method } from "../method.ts";
import { inSchedule } from "../options.ts";
import { gradients } from "../cost.ts";
import { type AdamState, initAdam, updateAdam } from "../training/adam.ts";
import { type TrainingOptions, trainingOptions } from "../training/options.ts";
import { bestByScore, discoverByTraining } from "../training/trained.ts";
import type { TrainingState } from "../training/training.ts";
import { quantilesOf } from "../training/warm_start.ts";

export interface SoftTopKOptions extends TrainingOptions {
  /** Temperature at the beginning and at the end. */
  readonly temperature: readonly [number, number];
}

/** s, [edges]. */
interface Learned {
  readonly scores: Float64Array;
  readonly adam: AdamState;
}

export const softTopK: Method<SoftTopKOptions, TrainingState<Learned>> = defineMethod<
  SoftTopKOptions,
  TrainingState<Learned>
>({
  name: "soft_top_k",
  about: "Trains scores through a soft choice of the best edges, of exactly the size that is kept.",
  needs: "examples",
  followsGradient: true,
  size: ["edge_sparsity", "keep"],
  options: {
    ...trainingOptions,
    maskRate: inSchedule("learning_rate", 0.1),
    temperature: {
      ...inSchedule<SoftTopKOptions["temperature"]>("temperature", [0.5, 0.1]),
      read: (temperature) => [Number(temperature), Number(temperature)],
    },
  },
  passes: ({ steps, batch }) => gradients(steps * batch),
  async run(input, options, hooks, resume) {
    const { temperature: [from, to], ...plain } = options;
    return await discoverByTraining<Learned>(
      input,
      {
        method: "soft_top_k",
        options,
        recorded: { ...plain, temperatureFrom: from, temperatureTo: to },
        learner: {
          start: (base) => ({
            scores: startScores(base.length, options),
            adam: initAdam(base.length),
          }),
          async step({ scores, adam }, { step, objective, base, chosen, random, target, rate }) {
            const temperature = from * (to / from) ** (step / Math.max(1, options.steps - 1));
            const noisy = scores.map((score, edge) => {
              const u = random.openUniform();
              return base[edge] > 0
                ? score + temperature * (Math.log(u) - Math.log1p(-u))
                : -Infinity;
            });
            const z = softTop(noisy, target, temperature);
            const { loss, gradient } = await objective.gradient(Float32Array.from(z), chosen);
            updateAdam(adam, scores, softTopGradient(z, gradient, temperature), rate);
            return { loss, open: z.reduce((sum, value) => sum + value, 0) };
          },
          circuit({ scores }, base, budget) {
            const known = Float32Array.from(scores, (s, edge) => base[edge] > 0 ? s : NaN);
            return bestByScore(input, base, known, budget);
          },
        },
      },
      hooks,
      resume,
    );
  },
});

/** sigmoid((s - t) / temperature) with t such that the sum is `count`; -Infinity stays 0. */
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

/** Derivative by the scores of a loss whose derivative by the soft choice is given. */
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
