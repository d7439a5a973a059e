/**
 * A masked model: the two calls that every method is a program over, `evaluate(z)` and `gradient(z)`.
 *
 * @module
 */
import { type Convention, defaultConvention } from "../universe/conventions.ts";
import { type Universe, universeOf } from "../universe/universe.ts";
import type { Loss } from "../metrics/loss.ts";
import type { Model } from "../models/architecture.ts";
import { shapeOf } from "../models/shape.ts";
import { defaultStreamOptions, type StreamOptions } from "./options.ts";
import { checkExamples, checkModel } from "./check.ts";
import type { Ablation } from "./ablations.ts";
import type { Evaluation, MaskGradient } from "./contract.ts";
import type { Engine } from "./open_engine.ts";
import type { Example } from "../tasks/task.ts";

export { masksPerPass } from "./batched_masks.ts";
export type { Ablation, Evaluation, Loss, MaskGradient };

/** Handles differ between all masked models of a thread, so that none takes another's examples for its own. */
let nextHandle = 0;

/** Examples whose corrupted runs and full-model targets are computed. */
export interface PreparedExamples {
  readonly examples: readonly Example[];
  /** For the masked model's own use. */
  readonly handle: number;
  /** What edges outside of a circuit carry; `interchange` unless given. */
  readonly ablation?: Ablation;
  /** Of some of those that were prepared: the place of each among them. */
  readonly places?: readonly number[];
}

/**
 * Some prepared examples, or the same ones several times, which takes no preparing.
 *
 * @throws {RangeError} if there is no example at one of the places
 */
export function someOf(prepared: PreparedExamples, places: readonly number[]): PreparedExamples {
  const missing = places.find((place) => prepared.examples[place] === undefined);
  if (missing !== undefined) {
    throw new RangeError(
      `Cannot choose example ${missing} as it must be a whole number from 0 to ${
        prepared.examples.length - 1
      }`,
    );
  }
  return {
    ...prepared,
    examples: places.map((place) => prepared.examples[place]),
    places: places.map((place) => prepared.places?.[place] ?? place),
  };
}

/**
 * Evaluations of masks that differ little, one after another on the same examples, with the values of
 * {@linkcode MaskedModel.evaluate} to rounding. A pass begins at the first layer that its masks change; what that needs is
 * kept, within the memory budget, until the sequence is closed. Masks near each other, such as candidates of a sweep,
 * share passes as far as the batch has room: {@linkcode masksPerPass} says how many.
 */
export interface MaskedSequence {
  /** The circuit's outputs under several masks z [edges] in [0, 1]. */
  evaluate(
    masks: readonly Float32Array[],
    options?: { readonly logits?: boolean },
  ): Promise<Evaluation[]>;
  close(): Promise<void>;
}

export interface MaskedModel {
  readonly model: Model;
  readonly universe: Universe;
  readonly engine: Engine;
  /** Most examples in one pass. */
  readonly batch: number;
  /**
   * Runs every corrupted prompt and the full model once. `progress` gets the number of examples done. `ablation` says
   * what a masked-out edge carries; means are over these examples' corrupted prompts.
   *
   * @throws {RangeError} if a prompt is empty, longer than the model's context or than its twin, or holds a
   *   token outside of the vocabulary.
   */
  prepare(
    examples: readonly Example[],
    progress?: (done: number) => void,
    ablation?: Ablation,
  ): Promise<PreparedExamples>;
  /** Full model's log-probabilities at the answers, [chosen, vocabulary]. */
  targets(prepared: PreparedExamples, chosen?: readonly number[]): Promise<Float32Array>;
  /**
   * The circuit's output under masks z [edges] in [0, 1].
   *
   * @param options.chosen positions in the prepared examples; all of them when left out
   */
  evaluate(
    prepared: PreparedExamples,
    z: Float32Array,
    options?: { chosen?: readonly number[]; logits?: boolean },
  ): Promise<Evaluation>;
  /**
   * Begins a sequence of evaluations on the chosen examples, all of them when left out: the way to measure many masks that
   * differ little.
   */
  sequence(prepared: PreparedExamples, chosen?: readonly number[]): Promise<MaskedSequence>;
  /**
   * Mean loss over the chosen examples and its derivative with respect to every mask. With `openOnly` the derivatives
   * of closed masks (z = 0) may be left at 0: what they leave dead is then not computed, which makes a sparse circuit
   * cheap. With `differencesAt` a mask's derivative dL/dz_wr = <dL/dh_r, d_w> is taken with what writer w adds under those
   * masks in place of z, as attribution along a path of inputs wants it.
   */
  gradient(
    prepared: PreparedExamples,
    z: Float32Array,
    options?: {
      chosen?: readonly number[];
      loss?: Loss;
      openOnly?: boolean;
      differencesAt?: Float32Array;
    },
  ): Promise<MaskGradient>;
  /** Frees what was prepared. */
  forget(prepared: PreparedExamples): Promise<void>;
  close(): Promise<void>;
}

export interface MaskedOptions extends Partial<StreamOptions> {
  /** How edges are counted; default: {@linkcode defaultConvention}, embeddings joined and q, k, v split. */
  readonly convention?: Convention;
}

/**
 * Opens a model for interchange ablation on an engine.
 *
 * @throws {RangeError} if the batch size is not a positive whole number, the memory budget is negative,
 *   or the convention does not fit the model.
 * @throws {ModelError} if the model has something that the masked stream cannot compute.
 */
export async function openMasked(
  engine: Engine,
  model: Model,
  options: MaskedOptions = {},
): Promise<MaskedModel> {
  const { convention = defaultConvention, ...others } = options;
  const given: StreamOptions = { ...defaultStreamOptions, ...others };
  if (!Number.isInteger(given.batch) || given.batch < 1) {
    throw new RangeError(
      `Cannot open ${model.name} with batch ${given.batch}: it must be a whole number from 1`,
    );
  }
  if (!(given.memoryBudget >= 0)) {
    throw new RangeError(
      `Cannot open ${model.name} with memory budget ${given.memoryBudget}: it must be at least 0 bytes`,
    );
  }
  checkModel(model, convention);
  const universe = universeOf(shapeOf(model.architecture), convention);
  const { architecture, weights, tensors } = model;
  const stream = await engine.calls.open({ architecture, weights, tensors }, universe, given);
  /** The stream's number for what was prepared, by handle. */
  const prepared = new Map<number, number>();
  /** Numbers that the stream knows prepared examples by, and the chosen ones: all of them when left out. */
  const numbersOf = (
    { examples, places, handle }: PreparedExamples,
    chosen: readonly number[] = examples.map((_, i) => i),
  ): [prepared: number, chosen: readonly number[]] => {
    const number = prepared.get(handle);
    if (number === undefined) {
      throw new RangeError(
        `Cannot use these examples with ${model.name}: another masked model prepared them, or they are forgotten`,
      );
    }
    return [number, places ? chosen.map((i) => places[i]) : chosen];
  };

  return {
    model,
    universe,
    engine,
    batch: given.batch,
    async prepare(examples, progress, ablation = "interchange") {
      checkExamples(model, examples);
      const sources = examples.map(({ cleanTokens, corruptedTokens }) => ({
        cleanTokens,
        corruptedTokens,
      }));
      const handle = nextHandle++;
      prepared.set(handle, await stream.prepare(sources, ablation, progress));
      return { examples, ablation, handle };
    },
    targets: async (examples, chosen) => await stream.targets(...numbersOf(examples, chosen)),
    async evaluate(examples, z, { chosen, logits = false } = {}) {
      const [prepared, ids] = numbersOf(examples, chosen);
      return await stream.evaluate(prepared, z, ids, logits);
    },
    async sequence(examples, chosen) {
      const { evaluate, close } = await stream.sequence(...numbersOf(examples, chosen));
      return { evaluate: (masks, { logits = false } = {}) => evaluate(masks, logits), close };
    },
    async gradient(examples, z, options = {}) {
      const { loss = { kind: "kl" }, openOnly = false, differencesAt = null } = options;
      const [prepared, ids] = numbersOf(examples, options.chosen);
      return await stream.gradient(prepared, z, ids, loss, openOnly, differencesAt);
    },
    async forget(examples) {
      const [number] = numbersOf(examples);
      prepared.delete(examples.handle);
      await stream.forget(number);
    },
    close: () => stream.close(),
  };
}
