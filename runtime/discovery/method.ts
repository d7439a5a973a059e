/**
 * What every discovery method takes and gives back.
 *
 * @module
 */
import type { Circuit } from "../circuits/circuit.ts";
import type { MetricChoice } from "../metrics/metric.ts";
import type { CompiledProgram } from "../programs/mod.ts";
import type { Cost, MaskedModel, PreparedExamples } from "../stream/mod.ts";

/** What a method may look at. */
export interface DiscoveryInput {
  readonly masked: MaskedModel;
  readonly train: PreparedExamples;
  /** For the circuit's provenance. */
  readonly task: string;
  readonly corruption: string;
  /** The task's own metric, for methods whose objective is `metric`; default: logit_difference. */
  readonly metric?: MetricChoice;
  /** The program that the model was compiled from, for `ground_truth`. */
  readonly plan?: CompiledProgram;
}

/** Progress of a method that works in steps. */
export interface DiscoveryStep {
  /** Steps done, and steps in all. */
  readonly step: number;
  readonly steps: number;
  /** Mean loss over the step's examples: the objective's value, or its negative where higher is better. */
  readonly loss: number;
  /** The objective's name, and its value as it is measured: for `kl` in nats. */
  readonly objective: { readonly name: string; readonly value: number };
  /** Sparsity asked for at this step, and the expected sparsity of the masks, in [0, 1]. */
  readonly targetSparsity: number;
  readonly expectedSparsity: number;
  readonly targetNodeSparsity?: number;
  readonly expectedNodeSparsity?: number;
  /** Seconds since the method began. */
  readonly seconds: number;
}

export interface DiscoveryHooks {
  readonly onStep?: (step: DiscoveryStep) => void;
  /**
   * Called after each step by methods that can be resumed, with a function that returns the state of the run. The next step
   * changes that state in place: a caller that keeps it copies it at once.
   */
  readonly onState?: (state: () => unknown) => void;
  /** Stops between steps; what was found so far is returned. */
  readonly signal?: AbortSignal;
}

export interface Discovery<State = unknown> {
  /** The circuit, scored: higher is more important. */
  readonly circuit: Circuit;
  /** Edges taken by score, and how many of them lie on a path from the input to the logits: those are kept. */
  readonly raw: number;
  readonly reachable: number;
  readonly steps: readonly DiscoveryStep[];
  readonly cost: Cost;
  /** Whether it was stopped before its last step. */
  readonly stopped: boolean;
  /** State to resume the run from; absent for methods that do all at once. */
  readonly state?: State;
}

/** A discovery method. All have this signature, and one file each. */
export interface Method<Options, State = unknown> {
  /** The name that scripts and provenance know it by. */
  readonly name: string;
  /** What options are unless given; those without a default are left out. */
  readonly defaults: Options;
  /**
   * Finds a circuit. The same input, options and seed give the same circuit.
   *
   * @param resume a state that an earlier, stopped run returned, with the same options; methods without a state start anew
   * @throws {DiscoveryError} if an option is out of range
   */
  run(
    input: DiscoveryInput,
    options?: Partial<Options>,
    hooks?: DiscoveryHooks,
    resume?: State,
  ): Promise<Discovery<State>>;
}

/** An option out of range. */
export class DiscoveryError extends Error {
  override name = "DiscoveryError";
}
