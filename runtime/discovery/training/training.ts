/**
 * The training engine: gradient descent on masks, step by step, for every method that learns them. It deals out batches,
 * noise, targets and learning rates, keeps the best circuit met, reports steps, and can be stopped and resumed exactly.
 *
 * @module
 */
import { type Random, randomFrom } from "../../../base/random.ts";
import type { Cost } from "../../stream/mod.ts";
import type { DiscoveryHooks, DiscoveryInput, DiscoveryStep } from "../method.ts";
import { type Objective, objectiveOf, openMasks } from "../objective.ts";
import { budgetOf } from "../size.ts";
import { batchesOf } from "./batches.ts";
import { betterOf, type Candidate, measured } from "./candidate.ts";
import type { LearningOptions, TrainingOptions } from "./method.ts";
import { targetAt } from "./sparsity.ts";

/** The state of a training, from which a later step is computed: a structured clone of it resumes the training exactly. */
export interface TrainingState<Learned> {
  /** Steps done. */
  readonly step: number;
  readonly learned: Learned;
  readonly best: Candidate | null;
  readonly steps: readonly DiscoveryStep[];
  readonly cost: Cost;
}

/** One step of a training. */
export interface TrainingStep {
  /** Counted from 0. */
  readonly step: number;
  readonly objective: Objective;
  /** Masks that may be open, 1 or 0, [edges]. */
  readonly base: Float32Array;
  /** Places of the step's examples. */
  readonly chosen: readonly number[];
  /** Noise that depends on the seed and the step alone. */
  readonly random: Random;
  /** Number of edges that should be open. */
  readonly target: number;
  /** Learning rate of what is learned. */
  readonly rate: number;
}

/** The outcome of a step: the loss, the number of edges expected open before it, and what else it reports. */
export interface StepOutcome {
  readonly loss: number;
  readonly open: number;
  readonly report?: Pick<DiscoveryStep, "targetNodeSparsity" | "expectedNodeSparsity">;
}

/** A way to learn. All that is learned is plain data, which survives a structured clone. */
export interface Learner<Learned> {
  start(base: Float32Array): Learned;
  /** Changes what is learned in place. */
  step(learned: Learned, at: TrainingStep): Promise<StepOutcome>;
  /** The circuit of at most `budget` edges. */
  circuit(learned: Learned, base: Float32Array, budget: number): Omit<Candidate, "loss">;
}

/** A training: what it is asked for, and who learns. */
export interface TrainingPlan<Learned> {
  readonly options: LearningOptions;
  /** Edges to end with. */
  readonly keep: TrainingOptions["keep"];
  /** Steps after which the circuit is cut out and measured on all training examples. */
  readonly checks?: ReadonlySet<number>;
  readonly learner: Learner<Learned>;
}

/** A training that is over, or was stopped. */
export type Training<Learned> = Awaited<ReturnType<typeof train<Learned>>>;

/**
 * Trains masks.
 *
 * @param resume a state of an earlier training by the same plan, which stays as it is
 * @throws {DiscoveryError} if an option is out of range
 */
export async function train<Learned>(
  input: DiscoveryInput,
  { options, keep, checks, learner }: TrainingPlan<Learned>,
  hooks: DiscoveryHooks,
  resume?: TrainingState<Learned>,
) {
  const { universe: { edgeCount }, universe, model } = input.masked;
  const budget = budgetOf(keep, universe);
  const { steps: all, warmUp, seed } = options;
  const objective = await objectiveOf(input, options.objective);
  const base = openMasks(input, options.within);
  const count = base.reduce((sum, value) => sum + value, 0);
  const learned = resume ? structuredClone(resume.learned) : learner.start(base);
  const steps: DiscoveryStep[] = [...resume?.steps ?? []];
  let best = resume?.best ?? null;
  let step = resume?.step ?? 0;
  const cost = (): Cost => {
    const { forward, gradient, seconds } = objective.cost();
    const before = resume?.cost ?? { forward: 0, gradient: 0, seconds: 0 };
    return {
      forward: before.forward + forward,
      gradient: before.gradient + gradient,
      seconds: before.seconds + seconds,
    };
  };
  const stateAt = (step: number): TrainingState<Learned> => (
    { step, learned, best, steps, cost: cost() }
  );
  const cutOut = () => learner.circuit(learned, base, budget);

  const exactLengths = model.architecture.attention.mask === "full";
  const batches = batchesOf(input.train.examples, options, exactLengths);
  for (let i = 0; i < step; i++) batches.next();
  for (; step < all && !hooks.signal?.aborted; step++) {
    const target = targetAt(options, { edgeCount, count, budget }, step);
    const { loss, open, report } = await learner.step(learned, {
      step,
      objective,
      base,
      chosen: batches.next().value,
      random: randomFrom(seed, "masks", step),
      target: target.open,
      rate: options.maskRate * Math.min(1, (step + 1) / Math.max(1, warmUp)),
    });
    const done: DiscoveryStep = {
      step: step + 1,
      steps: all,
      ...objective.report(loss),
      targetSparsity: target.sparsity,
      expectedSparsity: 1 - open / edgeCount,
      ...report,
      seconds: cost().seconds,
    };
    if (checks?.has(step)) best = betterOf(best, await measured(objective, universe, cutOut()));
    steps.push(done);
    hooks.onStep?.(done);
    hooks.onState?.(() => stateAt(step + 1));
  }
  return {
    objective,
    base,
    budget,
    learned,
    /** The best circuit met at a check, or else the last one, which is not measured. */
    found: best ?? { ...cutOut(), loss: NaN },
    steps,
    stopped: step < all,
    cost,
    state: () => stateAt(step),
  };
}
