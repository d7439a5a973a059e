/**
 * The two calls that methods are made of, on an objective of their choice, with a count of what they cost.
 *
 * Whatever the objective, "worse" is what a method keeps low: the objective itself where lower is better (KL), its negative
 * where higher is.
 *
 * @module
 */
import { eachMaskValues, maskOf, meansOf } from "../evaluation/evaluate.ts";
import type { Metric } from "../metrics/metric.ts";
import { metricNamed, requireDefined } from "../metrics/mod.ts";
import type { Provider } from "../engine/device.ts";
import { masksTogether } from "../stream/masked.ts";
import { DiscoveryError, type DiscoveryInput, type DiscoveryStep } from "./method.ts";
import type { Cost } from "../stream/cost.ts";

/** `kl`, the task's own `metric`, or any metric by name. */
export type ObjectiveName = string;

export interface Probe {
  readonly metric: Metric;
  /** Examples that are looked at unless `chosen` says otherwise. */
  readonly everyone: readonly number[];
  /**
   * How bad masks z [edges] are, mean over the examples. Calls in a row begin where their masks differ, unless `goOn` says
   * that no like ones follow.
   */
  worse(z: Float32Array, chosen?: readonly number[], goOn?: boolean): Promise<number>;
  /** As `worse`, of several masks, which go through the model together where the batch has room. */
  worseEach(masks: readonly Float32Array[], chosen?: readonly number[]): Promise<number[]>;
  /** How many masks fill a pass over the chosen examples. */
  together(chosen?: readonly number[]): number;
  /** How probable it must be that masks will be asked for, to measure them along with others. */
  readonly worthGuessing: number;
  /**
   * How bad, and the derivative with respect to every open mask; those of closed masks (z = 0) only with `closed`, or
   * with masks under which the writers' differences are to be taken in place of z.
   */
  gradient(
    z: Float32Array,
    chosen?: readonly number[],
    closed?: "closed" | { readonly differencesAt: Float32Array },
  ): Promise<{ readonly worse: number; readonly gradient: Float32Array }>;
  /** How bad masks are as steps tell it. */
  told(worse: number): Pick<DiscoveryStep, "kl" | "objective">;
  /** What the calls cost so far. */
  cost(): Cost;
}

/**
 * What a pass costs besides its examples, in examples: masks that ride along in it save that much. On the CPU as
 * `bench/acdc.ts` has it for prompts of 20 tokens; a GPU is far from busy with a few examples.
 */
const PASS_COST: Readonly<Record<Provider, number>> = { cpu: 2, webgpu: 32, cuda: 32 };

/** Most coefficients of a loss that are held at a time. */
const COEFFICIENTS_AT_ONCE = 2 ** 24;

/**
 * Opens a probe on the training examples.
 *
 * @throws {EvaluationError} if the objective is unknown or an example lacks what it needs
 * @throws {DiscoveryError} if there are no examples
 */
export function probeOf(input: DiscoveryInput, objective: ObjectiveName): Probe {
  const { masked, train } = input;
  const metric = metricNamed(
    objective === "metric" ? input.metric ?? "logit_difference" : objective,
  );
  const { name } = metric;
  requireDefined(metric, train.examples);
  if (train.examples.length === 0) {
    throw new DiscoveryError(
      "Cannot discover a circuit as there must be training examples: there are 0",
    );
  }
  const sign = metric.better === "lower" ? 1 : -1;
  const everyone = train.examples.map((_, i) => i);
  const start = performance.now();
  let [forward, backward] = [0, 0];
  const worseEach = async (
    masks: readonly Float32Array[],
    chosen: readonly number[] = everyone,
    goOn = true,
  ) => {
    forward += masks.length * chosen.length;
    const found = await eachMaskValues(masked, masks, train, [metric], chosen, goOn);
    return found.map((values) => sign * meansOf(values)[name]);
  };
  return {
    metric,
    everyone,
    worse: async (z, chosen, goOn) => (await worseEach([z], chosen, goOn))[0],
    worseEach,
    together: (chosen = everyone) => masksTogether(masked, chosen.length),
    worthGuessing: everyone.length / (everyone.length + PASS_COST[masked.engine.provider]),
    async gradient(z, chosen = everyone, closed) {
      backward += chosen.length;
      if (!metric.loss) {
        throw new DiscoveryError(
          `Cannot follow the gradient of ${name} as it is flat: kl, logit_difference and probability_difference have one`,
        );
      }
      const { vocabulary } = masked.model.architecture;
      const most = name === "kl"
        ? chosen.length
        : Math.max(1, Math.floor(COEFFICIENTS_AT_ONCE / vocabulary));
      let worse = 0;
      const total = new Float32Array(z.length);
      for (let first = 0; first < chosen.length; first += most) {
        const ids = chosen.slice(first, first + most);
        const loss = metric.loss(ids.map((i) => train.examples[i]), vocabulary);
        const openOnly = closed === undefined;
        const differencesAt = typeof closed === "object" ? closed.differencesAt : undefined;
        const part = await masked.gradient(train, z, {
          chosen: ids,
          loss,
          openOnly,
          ...(differencesAt ? { differencesAt } : {}),
        });
        const weight = sign * ids.length / chosen.length;
        worse += weight * part.loss;
        for (let e = 0; e < z.length; e++) total[e] += weight * part.gradient[e];
      }
      return { worse, gradient: total };
    },
    told: (worse) => ({
      kl: worse,
      ...(name === "kl" ? {} : { objective: { name, value: sign * worse } }),
    }),
    cost: () => ({ forward, gradient: backward, seconds: (performance.now() - start) / 1000 }),
  };
}

/** Masks that a method starts from: all edges open, or those it is restricted to. */
export function openMasks({ masked }: DiscoveryInput, within?: Uint32Array): Float32Array {
  return within
    ? maskOf(masked.universe, within)
    : new Float32Array(masked.universe.edgeCount).fill(1);
}
