/**
 * Uniform gradient sampling (Li & Janson 2024): every edge is kept with a probability p, and the derivative by p is
 * estimated without bias from masks in between.
 *
 * With w = p (1 - p), an edge's mask is 1 with probability p - w/2, 0 with probability 1 - p - w/2, and uniform in
 * (0, 1) with probability w. Over uniform masks the expected mask gradient is the loss of the edge open less its loss
 * closed, which is the derivative of the expected loss by p; by the log-odds of p that is w times as much, and w is how
 * often it is seen, so a uniform mask's gradient counts as it is and others' not at all.
 *
 * The number of edges expected open follows the schedule by the multipliers of Edge Pruning's constraint.
 *
 * @module
 */
import type { Random } from "../../../base/random.ts";
import { initAdam, updateAdam } from "../training/adam.ts";
import { DiscoveryError, type Method } from "../method.ts";
import { openMasks } from "../objective.ts";
import { discoveryOf } from "../scoring.ts";
import { selectEdges } from "../selection/selection.ts";
import { train, trainingDefaults, type TrainingOptions } from "../training/training.ts";
import { ranksOf } from "../selection/ranks.ts";

export interface UniformGradientSamplingOptions extends TrainingOptions {
  /** Masks drawn a step. */
  readonly samples: number;
}

const defaults: UniformGradientSamplingOptions = { ...trainingDefaults, samples: 1 };

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
/** Probability of being kept that edges start with. */
const START_OPEN = 0.95;

export const uniformGradientSampling: Method<UniformGradientSamplingOptions> = {
  name: "uniform_gradient_sampling",
  defaults,
  async run(input, given = {}, hooks = {}) {
    const options = { ...defaults, ...given };
    if (!Number.isInteger(options.samples) || options.samples < 1) {
      throw new DiscoveryError(
        `Cannot sample masks as samples must be a whole number from 1: current value is ${options.samples}`,
      );
    }
    const { universe } = input.masked;
    const logOdds = startLogOdds(universe.edgeCount, options.warmStart);
    const adam = initAdam(logOdds.length);
    const multipliers = new Float64Array(2);
    const multiplierAdam = initAdam(2);
    const inside = openMasks(input, options.within);
    const { objective, base, budget, steps, stopped } = await train(
      input,
      options,
      hooks,
      async (objective, base, chosen, random, target, rate) => {
        const total = new Float64Array(logOdds.length);
        let mean = 0;
        for (let i = 0; i < options.samples; i++) {
          const drawn = drawMasks(logOdds, random);
          const z = base.map((value, edge) => value * drawn.z[edge]);
          const { loss, gradient } = await objective.gradient(z, chosen);
          mean += loss / options.samples;
          for (let e = 0; e < total.length; e++) {
            if (drawn.between[e]) total[e] += gradient[e] * base[e] / options.samples;
          }
        }
        let open = 0;
        for (let e = 0; e < total.length; e++) open += inside[e] * sigmoid(logOdds[e]);
        const gap = Math.log(open) - Math.log(Math.max(0.5, target));
        const pressure = (multipliers[0] + 2 * multipliers[1] * gap) / open;
        for (let e = 0; e < total.length; e++) {
          const p = sigmoid(logOdds[e]);
          total[e] += inside[e] * pressure * p * (1 - p);
        }
        updateAdam(adam, logOdds, total, rate);
        updateAdam(multiplierAdam, multipliers, [gap, gap * gap], -options.multiplierRate);
        return { loss: mean, open };
      },
    );
    const scores = Float32Array.from(logOdds, (x, edge) => base[edge] > 0 ? x : NaN);
    const selection = selectEdges(universe, scores, {
      keep: budget,
      select: "top",
      within: options.within,
    });
    return await discoveryOf(
      input,
      "uniform_gradient_sampling",
      { ...options },
      selection,
      scores,
      steps,
      objective.cost(),
      stopped,
    );
  },
};

/** Masks of all edges, and which of them are in between. */
export function drawMasks(
  logOdds: Float64Array,
  random: Random,
): { readonly z: Float64Array; readonly between: Uint8Array } {
  const z = new Float64Array(logOdds.length);
  const between = new Uint8Array(logOdds.length);
  for (let e = 0; e < z.length; e++) {
    const p = sigmoid(logOdds[e]);
    const w = p * (1 - p);
    const u = random.openUniform();
    if (u < p - w / 2) z[e] = 1;
    else if (u < p + w / 2) {
      // Where u fell in its interval is itself uniform.
      z[e] = (u - (p - w / 2)) / w;
      between[e] = 1;
    }
  }
  return { z, between };
}

function startLogOdds(count: number, warmStart?: Float32Array): Float64Array {
  const logOdds = new Float64Array(count).fill(Math.log(START_OPEN / (1 - START_OPEN)));
  if (!warmStart) return logOdds;
  ranksOf(warmStart, count).forEach((rank, edge) => logOdds[edge] += (rank + 0.5) / count - 0.5);
  return logOdds;
}
