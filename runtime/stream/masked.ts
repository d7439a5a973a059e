/** Masked models: every method is a program over `evaluate(z)` and `gradient(z)`. @module */
import { type Convention, defaultConvention } from "../universe/conventions.ts";
import { type Universe, universeOf } from "../universe/universe.ts";
import type { Loss } from "../metrics/mod.ts";
import { type Model, shapeOf, unsoundTensor } from "../models/mod.ts";
import {
  checkAblation,
  checkExamples,
  checkLoss,
  checkMasks,
  checkMeanOver,
  checkModel,
  checkPlaces,
} from "./check.ts";
import { checkEvaluation, checkGradient, unsoundPrompt } from "./sound.ts";
import { type Ablation, isMean } from "../universe/ablations.ts";
import {
  defaultStreamOptions,
  type Evaluation,
  type MaskGradient,
  type StreamOptions,
} from "./contract.ts";
import { meanOptions } from "./mean_prompts.ts";
import type { Engine } from "./open_engine.ts";
import type { Example } from "../tasks/mod.ts";

/** Examples whose corrupted runs and full-model targets are computed. */
export interface PreparedExamples {
  /** The examples. */
  readonly examples: readonly Example[];
  /** Key that the masked model knows the examples by, and no other one. */
  readonly handle: symbol;
  /** Content of the edges outside of a circuit; default: `interchange`. */
  readonly ablation?: Ablation;
  /** Of a mean ablation: the corrupted prompts that its means are over, by number and hash. */
  readonly means?: { readonly mean_prompts: number; readonly mean_hash: string };
  /** Place of each example among those that were prepared; default: all of them, in order. */
  readonly places?: readonly number[];
}

/**
 * Chooses some prepared examples, also the same one several times, without preparing them again.
 *
 * @throws {RangeError} if there is no example at one of the places
 */
export function someOf(prepared: PreparedExamples, places: readonly number[]): PreparedExamples {
  checkPlaces(places, prepared.examples.length);
  return {
    ...prepared,
    examples: places.map((place) => prepared.examples[place]),
    places: places.map((place) => prepared.places?.[place] ?? place),
  };
}

/**
 * Evaluations of masks that differ little, one after another on the same examples. Their values are those of
 * {@linkcode MaskedModel.evaluate}, to rounding. A pass begins at the first layer that its masks change: the stream below
 * is kept, within the memory budget, until the sequence is closed. Masks that differ in few edges, such as candidates of a
 * sweep, share passes as far as the batch has room.
 */
export interface MaskedSequence {
  /**
   * The circuit's output under each of several masks z [edges] in [0, 1].
   *
   * @param options.logits true where the logits are wanted
   */
  evaluate(
    masks: readonly Float32Array[],
    options?: { readonly logits?: boolean },
  ): Promise<Evaluation[]>;
  /** Frees the memory that the sequence keeps. */
  close(): Promise<void>;
}

/**
 * A model with a mask for every edge.
 *
 * Calls refuse, with a `RangeError`, examples that another masked model prepared or that are forgotten, places that are none,
 * masks that are not one number in [0, 1] for each edge, and losses that do not fit the examples.
 */
export interface MaskedModel {
  /** The model as it was opened. */
  readonly model: Model;
  /** The edges that have masks. */
  readonly universe: Universe;
  /** The engine that computes. */
  readonly engine: Engine;
  /** Most examples in one pass. */
  readonly batch: number;
  /**
   * Runs every corrupted prompt and the full model once.
   *
   * @param progress receives the number of examples done
   * @param ablation content of a masked-out edge
   * @param meanOver examples whose corrupted prompts the mean ablations' values are over; default: these examples. A circuit
   *   is evaluated with the means that it was found with, so give its training examples
   * @throws {RangeError} if a prompt is empty, longer than the model's context or than its twin, or holds a
   *   token outside of the vocabulary; if there is no such ablation; if a mean is over no prompts, or `mean_by_position`
   *   over prompts that are all shorter than an example's
   * @throws {EvaluationError} if the full model gives logits that are no numbers on a prompt
   */
  prepare(
    examples: readonly Example[],
    progress?: (done: number) => void,
    ablation?: Ablation,
    meanOver?: readonly Pick<Example, "corruptedTokens">[],
  ): Promise<PreparedExamples>;
  /** The full model's log-probabilities at the answers, [chosen, vocabulary]. */
  targets(prepared: PreparedExamples, chosen?: readonly number[]): Promise<Float32Array>;
  /**
   * Output under masks z [edges] in [0, 1].
   *
   * @param options.chosen places among the prepared examples; default: all of them
   * @param options.logits true where the logits are wanted
   */
  evaluate(
    prepared: PreparedExamples,
    z: Float32Array,
    options?: { chosen?: readonly number[]; logits?: boolean },
  ): Promise<Evaluation>;
  /**
   * Begins a sequence of evaluations, for many masks that differ little.
   *
   * @param chosen places among the prepared examples; default: all of them
   * @internal
   */
  sequence(prepared: PreparedExamples, chosen?: readonly number[]): Promise<MaskedSequence>;
  /**
   * Mean loss over the chosen examples and its derivative with respect to every mask, `dL/dz_rw = <dL/dh_r, d_w>`.
   *
   * @param options.chosen places among the prepared examples; default: all of them
   * @param options.loss default: KL(full model || circuit)
   * @param options.openOnly leaves the derivatives of closed masks (z = 0) at 0 where that saves work: components that
   *   closed masks leave dead are then not computed, which makes a sparse circuit cheap
   * @param options.differencesAt masks [edges] under which the writers' differences d_w are taken, in place of z, as
   *   attribution along a path of inputs takes them (Hanna et al. 2024, arXiv:2403.17806)
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
  /** Frees the memory of prepared examples. */
  forget(prepared: PreparedExamples): Promise<void>;
  /** Frees the memory of the model on its engine; later calls fail. */
  close(): Promise<void>;
}

/** Options of a masked model. */
export interface MaskedOptions {
  /** The way in which edges are counted; default: {@linkcode defaultConvention}, embeddings joined and q, k, v split. */
  readonly convention?: Convention;
  /** Most examples in one pass; default: 32. */
  readonly batch?: number;
  /** Bytes of memory for corrupted runs, which are computed again at every use beyond it; default: 4e9. */
  readonly memoryBudget?: number;
}

/**
 * Opens a model on an engine, with a mask on every edge.
 *
 * @throws {RangeError} if `batch` is not a positive whole number, the memory budget is negative, or the convention does not
 *   fit the model
 * @throws {ModelError} if the masked stream cannot compute the model
 *
 * @example
 * ```ts
 * const model = await openModel("examples/models/sorting-gpt");
 * const masked = await openMasked(await openEngine({ device: "cpu" }), model);
 * const files = "examples/sorting/pairs.jsonl";
 * const task = await taskFromFiles({ name: "sorting", files, metric: "kl", seed: 1 }, null);
 * const test = await masked.prepare(task.examples.test.slice(0, 8));
 * const z = new Float32Array(masked.universe.edgeCount).fill(0.5);
 * const { kl } = await masked.evaluate(test, z); // [8], in nats
 * const { gradient } = await masked.gradient(test, z); // [edges]
 * await masked.engine.close();
 * ```
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
  const { edgeCount } = universe;
  const { vocabulary } = architecture;
  /** The stream's number for what was prepared, by handle. */
  const prepared = new Map<symbol, number>();
  const numberOf = ({ handle }: PreparedExamples): number => {
    const number = prepared.get(handle);
    if (number !== undefined) return number;
    throw new RangeError(
      `Cannot use these examples with ${model.name}: another masked model prepared them, or they are forgotten`,
    );
  };
  /** Numbers that the stream knows prepared examples by, and the chosen ones: all of them when left out. */
  const numbersOf = (
    { examples, places, ...others }: PreparedExamples,
    chosen: readonly number[] = examples.map((_, i) => i),
  ): [prepared: number, chosen: readonly number[]] => {
    const number = numberOf({ examples, ...others });
    checkPlaces(chosen, examples.length);
    return [number, places ? chosen.map((i) => places[i]) : chosen];
  };

  return {
    model,
    universe,
    engine,
    batch: given.batch,
    async prepare(examples, progress, ablation = "interchange", meanOver = examples) {
      checkAblation(ablation);
      checkExamples(model, examples);
      const sources = examples.map(({ cleanTokens, corruptedTokens }) => ({
        cleanTokens,
        corruptedTokens,
      }));
      const isOther = isMean(ablation) && meanOver !== examples;
      // Of the examples that a mean is over, only the corrupted prompts are run.
      const over = isOther
        ? meanOver.map(({ corruptedTokens: tokens }) => ({
          cleanTokens: tokens,
          corruptedTokens: tokens,
        }))
        : sources;
      if (isMean(ablation)) checkMeanOver(model, sources, ablation, over);
      const handle = Symbol("prepared examples");
      const number = await stream.prepare(sources, ablation, progress, isOther ? over : undefined);
      const wrong = await stream.unsound(number);
      if (wrong >= 0) {
        await stream.forget(number);
        const tensor = await unsoundTensor(model);
        throw unsoundPrompt(`\`${model.name}\``, examples[wrong], tensor);
      }
      prepared.set(handle, number);
      const means = isMean(ablation) && { means: await meanOptions(meanOver) };
      return { examples, ablation, handle, ...means };
    },
    targets: async (examples, chosen) => await stream.targets(...numbersOf(examples, chosen)),
    async evaluate(examples, z, { chosen, logits = false } = {}) {
      const [prepared, ids] = numbersOf(examples, chosen);
      checkMasks(z, edgeCount);
      const found = await stream.evaluate(prepared, z, ids, logits);
      checkEvaluation(found, examples.examples, chosen);
      return found;
    },
    async sequence(examples, chosen) {
      const { evaluate, close } = await stream.sequence(...numbersOf(examples, chosen));
      return {
        async evaluate(masks, { logits = false } = {}) {
          numberOf(examples);
          for (const z of masks) checkMasks(z, edgeCount);
          const found = await evaluate(masks, logits);
          for (const each of found) checkEvaluation(each, examples.examples, chosen);
          return found;
        },
        close,
      };
    },
    async gradient(examples, z, options = {}) {
      const { loss = { kind: "kl" }, openOnly = false, differencesAt = null } = options;
      const [prepared, ids] = numbersOf(examples, options.chosen);
      checkMasks(z, edgeCount);
      if (differencesAt) checkMasks(differencesAt, edgeCount);
      checkLoss(loss, ids.length, vocabulary);
      const found = await stream.gradient(prepared, z, ids, loss, openOnly, differencesAt);
      const over = options.chosen?.map((i) => examples.examples[i]) ?? examples.examples;
      checkGradient(found, over, universe);
      return found;
    },
    async forget(examples) {
      const number = numberOf(examples);
      prepared.delete(examples.handle);
      await stream.forget(number);
    },
    async close() {
      prepared.clear();
      await stream.close();
    },
  };
}
