/**
 * What methods that learn masks step by step have in common: batches, schedule, progress, being stopped.
 *
 * @module
 */
import { type Random, randomFrom } from "../../../base/random.ts";
import { drawBatches } from "./batches.ts";
import {
  DiscoveryError,
  type DiscoveryHooks,
  type DiscoveryInput,
  type DiscoveryStep,
} from "../method.ts";
import { type Objective, objectiveOf, openMasks } from "../objective.ts";
import { budgetOf, type Keep } from "../selection/selection.ts";
import { sparsityAt, type SparsitySchedule } from "./sparsity.ts";

export interface TrainingOptions {
  readonly objective: string;
  readonly steps: number;
  /** Examples a step. */
  readonly batch: number;
  /** Adam's learning rate of what is learned, and of the constraint's multipliers. */
  readonly maskRate: number;
  readonly multiplierRate: number;
  /** Steps during which the rate of what is learned rises, and nothing closes. */
  readonly warmUp: number;
  /** Share of the steps after the warm-up during which the number of open edges falls by equal factors; then it stays. */
  readonly fall: number;
  /** Sparsity over the steps, over all edges of the universe, in place of `fall`. */
  readonly edgeSparsity?: SparsitySchedule;
  readonly keep: Exclude<Keep, { readonly above: number }>;
  readonly seed: number;
  readonly within?: Uint32Array;
  /** Scores to start from, one per edge, NaN for unknown. */
  readonly warmStart?: Float32Array;
}

export const trainingDefaults: TrainingOptions = {
  objective: "kl",
  steps: 600,
  batch: 32,
  maskRate: 0.15,
  multiplierRate: 0.2,
  warmUp: 0,
  fall: 0.7,
  keep: { share: 0.05 },
  seed: 0,
};

export interface Training {
  readonly objective: Objective;
  readonly base: Float32Array;
  readonly budget: number;
  readonly steps: readonly DiscoveryStep[];
  readonly stopped: boolean;
}

/**
 * One step: a batch of examples, noise of its own, how many edges should be open, and the rate to learn at; returns the
 * loss and the open edges.
 */
export type TrainingStep = (
  objective: Objective,
  base: Float32Array,
  chosen: readonly number[],
  random: Random,
  target: number,
  rate: number,
) => Promise<{ readonly loss: number; readonly open: number }>;

/** Runs a training loop. Open edges fall from all to `keep` by equal factors, or as the schedule says. */
export async function train(
  input: DiscoveryInput,
  options: TrainingOptions,
  hooks: DiscoveryHooks,
  step: TrainingStep,
): Promise<Training> {
  checkTraining(options);
  const { universe, model } = input.masked;
  const objective = objectiveOf(input, options.objective);
  const base = openMasks(input, options.within);
  const budget = budgetOf(options.keep, universe);
  const count = base.reduce((sum, value) => sum + value, 0);
  const batches = drawBatches(
    input.train.examples,
    options.batch,
    randomFrom(options.seed, "batches"),
    model.architecture.attention.mask === "full",
  );
  const steps: DiscoveryStep[] = [];
  const { warmUp, edgeSparsity } = options;
  const targetAt = (step: number) => {
    if (edgeSparsity) {
      const open = universe.edgeCount * (1 - sparsityAt(edgeSparsity, step, warmUp));
      return Math.min(count, Math.max(0.5, open));
    }
    const falling = Math.max(1, options.fall * (options.steps - warmUp));
    const share = Math.min(1, Math.max(0, step - warmUp) / falling);
    return count * (Math.max(0.5, budget) / Math.max(1, count)) ** share;
  };
  let done = 0;
  for (; done < options.steps && !hooks.signal?.aborted; done++) {
    const target = targetAt(done);
    const rate = options.maskRate * Math.min(1, (done + 1) / Math.max(1, warmUp));
    const random = randomFrom(options.seed, "masks", done);
    const { loss, open } = await step(objective, base, batches.next().value, random, target, rate);
    const report: DiscoveryStep = {
      step: done + 1,
      steps: options.steps,
      ...objective.report(loss),
      targetSparsity: 1 - target / universe.edgeCount,
      expectedSparsity: 1 - open / universe.edgeCount,
      seconds: objective.cost().seconds,
    };
    steps.push(report);
    hooks.onStep?.(report);
  }
  return { objective, base, budget, steps, stopped: done < options.steps };
}

function checkTraining(options: TrainingOptions): void {
  for (const name of ["steps", "batch"] as const) {
    if (!Number.isInteger(options[name]) || options[name] < 1) {
      throw new DiscoveryError(
        `Cannot learn masks as ${name} must be a whole number from 1: current value is ${
          options[name]
        }`,
      );
    }
  }
  if (!Number.isInteger(options.warmUp) || options.warmUp < 0) {
    throw new DiscoveryError(
      `Cannot learn masks as warmUp must be a whole number from 0: current value is ${options.warmUp}`,
    );
  }
  for (const name of ["maskRate", "multiplierRate"] as const) {
    if (!(options[name] > 0)) {
      throw new DiscoveryError(
        `Cannot learn masks as ${name} must be above 0: current value is ${options[name]}`,
      );
    }
  }
  if (!(options.fall >= 0 && options.fall <= 1)) {
    throw new DiscoveryError(
      `Cannot learn masks as fall must be from 0 to 1: current value is ${options.fall}`,
    );
  }
}
