/** Contract between the thread of a masked model and the worker that computes it. @module */
import type { EngineCalls } from "../engine/mod.ts";
import type { Loss } from "../metrics/mod.ts";
import type { Example } from "../tasks/mod.ts";
import type { Universe } from "../universe/universe.ts";
import type { Ablation } from "../universe/ablations.ts";
import type { GraphModel } from "./weights.ts";

export interface StreamOptions {
  /** Most examples in one pass. */
  readonly batch: number;
  /** Bytes that corrupted runs may take in memory; what does not fit is computed again at every use. */
  readonly memoryBudget: number;
}

export const defaultStreamOptions: StreamOptions = { batch: 32, memoryBudget: 4e9 };

/**
 * Prompts of an example, as tokens.
 *
 * @internal
 */
export type StreamExample = Pick<Example, "cleanTokens" | "corruptedTokens">;

/** The circuit's output on examples. */
export interface Evaluation {
  /** KL(full model || circuit) at the answer, in nats, [examples]. */
  readonly kl: Float32Array;
  /** The circuit's logits at the answer, [examples, vocabulary]; empty unless asked for. */
  readonly logits: Float32Array;
}

/** A loss and its derivative with respect to the masks. */
export interface MaskGradient {
  /** Mean over the examples. */
  readonly loss: number;
  /** Derivative of the mean loss with respect to every edge's mask, [edges]. */
  readonly gradient: Float32Array;
}

export interface StreamCalls extends EngineCalls {
  /** Opens the stream of a model, which stays in the worker. */
  open(
    model: GraphModel,
    universe: Pick<Universe, "shape" | "convention">,
    options: StreamOptions,
  ): Stream;
}

/**
 * The masked stream of one model. Masks are z [edges] in [0, 1]; chosen examples are places among the prepared ones.
 */
export interface Stream {
  readonly universe: Universe;
  /**
   * Runs the corrupted prompts and the full model once, and returns the number that the examples are known by.
   *
   * @param progress receives the number of examples done
   * @param meanOver examples that the mean ablations' values are over; default: these
   */
  prepare(
    examples: readonly StreamExample[],
    ablation?: Ablation,
    progress?: (done: number) => void,
    meanOver?: readonly StreamExample[],
  ): Promise<number>;
  /** Number of the first prepared example on which the full model or the corrupted run gives NaN or infinity; -1 if none. */
  unsound(prepared: number): number;
  /** Log-probabilities of the full model at the answers, [chosen, vocabulary]. */
  targets(prepared: number, chosen: readonly number[]): Float32Array;
  /** @param logits whether the logits are wanted */
  evaluate(
    prepared: number,
    z: Float32Array,
    chosen: readonly number[],
    logits: boolean,
  ): Promise<Evaluation>;
  /** Begins a sequence of evaluations on the chosen examples. */
  sequence(prepared: number, chosen: readonly number[]): StreamSequence;
  /**
   * Mean loss and its derivative.
   *
   * @param openOnly leaves out what closed masks leave dead; the derivatives of closed masks are then 0
   * @param differencesAt masks [edges] under which the writers' differences are taken, in place of z
   */
  gradient(
    prepared: number,
    z: Float32Array,
    chosen: readonly number[],
    loss: Loss,
    openOnly?: boolean,
    differencesAt?: Float32Array | null,
  ): Promise<MaskGradient>;
  /** Forgets prepared examples. */
  forget(prepared: number): void;
  /** Releases all sessions; passes under way fail. */
  close(): Promise<void>;
}

/** Evaluations of masks that differ little, as {@linkcode MaskedSequence} offers them. */
export interface StreamSequence {
  evaluate(masks: readonly Float32Array[], logits: boolean): Promise<Evaluation[]>;
  /** Drops the stacks that the sequence keeps. */
  close(): void;
}
