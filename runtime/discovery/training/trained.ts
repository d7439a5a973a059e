/**
 * Methods that are nothing but a training: they differ in what they learn, and in how that becomes a circuit.
 *
 * @module
 */
import { ranking } from "../../circuits/ranking.ts";
import { discoveryOf } from "../discovery.ts";
import type { Discovery, DiscoveryHooks, DiscoveryInput } from "../method.ts";
import { selectBest } from "../selection/select.ts";
import type { Universe } from "../../universe/universe.ts";
import type { Candidate } from "./candidate.ts";
import type { TrainingOptions } from "./method.ts";
import { type Learner, train, type TrainingState } from "./training.ts";

/** A training by the options of a method. */
export interface Trained<Learned> {
  readonly method: string;
  readonly options: TrainingOptions;
  /** Options as provenance keeps them. */
  readonly recorded: object;
  readonly learner: Learner<Learned>;
}

/** Trains, and returns the circuit that the last step leaves. */
export async function discoverByTraining<Learned>(
  input: DiscoveryInput,
  { method, options, recorded, learner }: Trained<Learned>,
  hooks: DiscoveryHooks,
  resume?: TrainingState<Learned>,
): Promise<Discovery<TrainingState<Learned>>> {
  const { found, steps, stopped, cost, state } = await train(
    input,
    { options, keep: options.keep, learner },
    hooks,
    resume,
  );
  return await discoveryOf(input, {
    method,
    options: recorded,
    selection: found,
    scores: found.scores,
    steps,
    cost: cost(),
    stopped,
    state: state(),
  });
}

/** The best edges by score, among those that may be open. */
export function bestByScore(
  universe: Universe,
  base: Float32Array,
  scores: Float32Array,
  budget: number,
): Omit<Candidate, "loss"> {
  const order = ranking(scores).filter((edge) => base[edge] > 0);
  return { ...selectBest(universe, scores, budget, order), scores };
}
