/**
 * A masked model: the two calls that every method is a program over, `evaluate(z)` and `gradient(z)`.
 *
 * @module
 */
import { type Convention, type Universe, universeOf } from "../universe/universe.ts";
import type { Engine } from "../engine/engine.ts";
import type { Model } from "../models/architecture.ts";
import { shapeOf } from "../models/shape.ts";
import { defaultStreamOptions, type StreamOptions } from "./options.ts";
import type { Evaluation, Loss, MaskGradient } from "./stream.ts";
import { checkExamples, checkModel } from "./check.ts";
import type { Ablation } from "./ablation.ts";
import type { Example } from "../tasks/task.ts";

export { masksTogether } from "./together.ts";
export type { Ablation, Evaluation, Loss, MaskGradient };

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
   * @param options.goOn begins at the first layer that z changes, compared with the last such call on the same chosen
   *   examples: for many masks in a row that differ little. What that needs is kept, within the memory budget, until a
   *   call without it. Values agree to rounding with those of a whole pass.
   */
  evaluate(
    prepared: PreparedExamples,
    z: Float32Array,
    options?: { chosen?: readonly number[]; logits?: boolean; goOn?: boolean },
  ): Promise<Evaluation>;
  /**
   * The circuit's outputs under several masks, as `evaluate` gives them one by one. Those that are near each other, such as
   * candidates of a sweep, go through the model together as far as `batch` has room, with the same values to rounding:
   * {@linkcode masksTogether} says how many that are.
   */
  evaluateEach(
    prepared: PreparedExamples,
    masks: readonly Float32Array[],
    options?: { chosen?: readonly number[]; logits?: boolean; goOn?: boolean },
  ): Promise<Evaluation[]>;
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
  /** How edges are counted; default: embeddings and q, k, v split. */
  readonly convention?: Convention;
}

export const defaultConvention: Convention = { embeddings: "split", qkv: "split" };

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
  const { convention = defaultConvention, ...given } = options;
  const stream: StreamOptions = { ...defaultStreamOptions, ...given };
  if (!Number.isInteger(stream.batch) || stream.batch < 1) {
    throw new RangeError(
      `Cannot open ${model.name} with batch ${stream.batch}: it must be a whole number from 1`,
    );
  }
  if (!(stream.memoryBudget >= 0)) {
    throw new RangeError(
      `Cannot open ${model.name} with memory budget ${stream.memoryBudget}: it must be at least 0 bytes`,
    );
  }
  checkModel(model, convention);
  const universe = universeOf(shapeOf(model.architecture), convention);
  const { architecture, weights, tensors } = model;
  const handle = await engine.calls.call<number>("open", [
    { architecture, weights, tensors },
    universe,
    stream,
  ]);
  const call = <T>(name: string, args: readonly unknown[], onNote?: (note: unknown) => void) =>
    engine.calls.call<T>(name, [handle, ...args], onNote);
  /** Numbers that the stream knows chosen examples by; all of them when left out. */
  const numbersOf = (
    { examples, places }: PreparedExamples,
    chosen: readonly number[] = examples.map((_, i) => i),
  ) => places ? chosen.map((i) => places[i]) : chosen;

  return {
    model,
    universe,
    engine,
    batch: stream.batch,
    async prepare(examples, progress, ablation = "interchange") {
      checkExamples(model, examples);
      const sources = examples.map(({ cleanTokens, corruptedTokens }) => ({
        cleanTokens,
        corruptedTokens,
      }));
      return {
        examples,
        ablation,
        handle: await call<number>(
          "prepare",
          [sources, ablation],
          progress && ((done) => progress(done as number)),
        ),
      };
    },
    targets: (prepared, chosen) => call("targets", [prepared.handle, numbersOf(prepared, chosen)]),
    evaluate: (prepared, z, { chosen, logits = false, goOn = false } = {}) =>
      call("evaluate", [prepared.handle, z, numbersOf(prepared, chosen), logits, goOn]),
    evaluateEach: (
      prepared,
      masks,
      { chosen, logits = false, goOn = false } = {},
    ) => call("evaluateEach", [prepared.handle, masks, numbersOf(prepared, chosen), logits, goOn]),
    gradient(prepared, z, options = {}) {
      const { chosen, loss = { kind: "kl" }, openOnly = false } = options;
      const { differencesAt = null } = options;
      const ids = numbersOf(prepared, chosen);
      return call("gradient", [prepared.handle, z, ids, loss, openOnly, differencesAt]);
    },
    forget: (prepared) => call("forget", [prepared.handle]),
    close: () => call("close", []),
  };
}
