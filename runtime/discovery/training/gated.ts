/**
 * Learns gates that open groups of edges: one group per component for node pruning.
 *
 * @module
 */
import { openProbability } from "./hard_concrete.ts";
import { drawGates, expectedOpen, startGates, updateGates } from "./gates.ts";
import type { DiscoveryHooks, DiscoveryInput } from "../method.ts";
import { openMasks } from "../objective.ts";
import { train, type Training, type TrainingOptions } from "./training.ts";

/** Probability of being open that gates start with. */
const START_OPEN = 0.95;

/**
 * @param gateOf the gate of each edge, or -1 for edges that stay as they are
 * @param count how many gates there are
 * @returns log P(open) of every gate, and how the training went
 */
export async function learnGates(
  input: DiscoveryInput,
  options: TrainingOptions,
  hooks: DiscoveryHooks,
  gateOf: Int32Array,
  count: number,
): Promise<{ readonly scores: Float64Array; readonly training: Training }> {
  const base = openMasks(input, options.within);
  const size = new Float64Array(count);
  let fixed = 0;
  for (let edge = 0; edge < base.length; edge++) {
    if (gateOf[edge] < 0) fixed += base[edge];
    else size[gateOf[edge]] += base[edge];
  }
  const gates = startGates(
    size,
    START_OPEN,
    options.warmStart && warmth(options.warmStart, gateOf, count),
  );
  const training = await train(
    input,
    options,
    hooks,
    async (objective, base, chosen, random, target, rate) => {
      const drawn = drawGates(gates, random);
      const z = base.map((value, edge) => gateOf[edge] < 0 ? value : value * drawn.z[gateOf[edge]]);
      const { loss, gradient } = await objective.gradient(z, chosen);
      const byGate = new Float64Array(count);
      for (let edge = 0; edge < z.length; edge++) {
        const gate = gateOf[edge];
        if (gate >= 0) byGate[gate] += gradient[edge] * base[edge] * drawn.slope[gate];
      }
      const open = expectedOpen(gates) + fixed;
      updateGates(gates, byGate, target - fixed, rate, options.multiplierRate);
      return { loss, open };
    },
  );
  return { scores: gates.logAlpha.map((a) => Math.log(openProbability(a))), training };
}

/** The best score of each gate's edges. */
function warmth(scores: Float32Array, gateOf: Int32Array, count: number): Float64Array {
  const best = new Float64Array(count).fill(-Infinity);
  scores.forEach((score, edge) => {
    const gate = gateOf[edge];
    if (gate >= 0 && score > best[gate]) best[gate] = score;
  });
  return best;
}
