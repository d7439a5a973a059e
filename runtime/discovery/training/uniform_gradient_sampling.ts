/**
 * Uniform gradient sampling (Li & Janson 2024, arXiv:2409.09951): every edge is kept with a probability p, and the derivative by p is
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
import type { Universe } from "../../universe/universe.ts";
import { type AdamState, initAdam, updateAdam } from "./adam.ts";
import { bestByScore } from "./candidate.ts";
import { sigmoid } from "./hard_concrete.ts";
import { climb, type Constraint, startConstraint } from "./constraint.ts";
import type { Learner } from "./training.ts";
import { quantilesOf } from "./warm_start.ts";
import type { UniformGradientSamplingOptions } from "../methods/uniform_gradient_sampling.ts";

/** Log-odds of being kept, [edges], under the constraint. */
export interface Learned {
  readonly logOdds: Float64Array;
  readonly adam: AdamState;
  readonly constraint: Constraint;
}

/** Probability of being kept that edges start with. */
const START_OPEN = 0.95;

/** Learns the probability of every edge. */
export function learnProbabilities(
  universe: Universe,
  { samples, warmStart, multiplierRate }: UniformGradientSamplingOptions,
): Learner<Learned> {
  return {
    start: ({ length }) => ({
      logOdds: startLogOdds(length, warmStart),
      adam: initAdam(length),
      constraint: startConstraint(),
    }),
    async step({ logOdds, adam, constraint }, at) {
      const { objective, base, chosen, random, target, rate } = at;
      const total = new Float64Array(base.length);
      let mean = 0;
      for (let i = 0; i < samples; i++) {
        const drawn = drawMasks(logOdds, random);
        const z = base.map((value, edge) => value * drawn.z[edge]);
        const { loss, gradient } = await objective.gradient(z, chosen);
        mean += loss / samples;
        for (let e = 0; e < total.length; e++) {
          if (drawn.between[e]) total[e] += gradient[e] * base[e] / samples;
        }
      }
      let open = 0;
      for (let e = 0; e < total.length; e++) open += base[e] * sigmoid(logOdds[e]);
      const pressure = climb(constraint, open, target, multiplierRate);
      for (let e = 0; e < total.length; e++) {
        const p = sigmoid(logOdds[e]);
        total[e] += base[e] * pressure * p * (1 - p);
      }
      updateAdam(adam, logOdds, total, rate);
      return { loss: mean, open };
    },
    circuit({ logOdds }, base, budget) {
      const scores = Float32Array.from(logOdds, (x, edge) => base[edge] > 0 ? x : NaN);
      return bestByScore(universe, base, scores, budget);
    },
  };
}

/** Masks of all edges, [edges], and which of them are in between. */
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
  const spread = warmStart && quantilesOf(warmStart);
  spread?.forEach((quantile, edge) => logOdds[edge] += quantile - 0.5);
  return logOdds;
}
