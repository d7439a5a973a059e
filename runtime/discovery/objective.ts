/**
 * The objective of a search: its loss under any masks, the loss's gradient, and a count of the passes that both took.
 *
 * The loss is the metric itself where lower is better (KL, in nats), and its negative where higher is better.
 *
 * @module
 */
import { maskOf } from "../universe/universe.ts";
import type { ExampleValues } from "../evaluation/mod.ts";
import { type Metric, metricNamed, metricsWithGradient, requireDefined } from "../metrics/mod.ts";
import { devices } from "../engine/mod.ts";
import { DiscoveryError } from "./error.ts";
import type { DiscoveryInput, DiscoveryStep } from "./method.ts";
import type { Cost } from "../stream/mod.ts";

export interface Objective {
  readonly metric: Metric;
  /** All training examples, by their places: those of a call unless `chosen` names others. */
  readonly all: readonly number[];
  /** Mean loss of the examples under masks z [edges]. */
  loss(z: Float32Array, chosen?: readonly number[]): Promise<number>;
  /** Begins a sequence of measurements. */
  sequence(chosen?: readonly number[]): LossSequence;
  /**
   * Mean loss, and its gradient [edges] with respect to the masks. Closed masks (z = 0) have a derivative only with
   * `closed`, or with masks under which the writers' differences are to be taken in place of z.
   */
  gradient(
    z: Float32Array,
    chosen?: readonly number[],
    closed?: "closed" | { readonly differencesAt: Float32Array },
  ): Promise<{ readonly loss: number; readonly gradient: Float32Array }>;
  /** A loss as steps report it. */
  report(loss: number): Pick<DiscoveryStep, "loss" | "objective">;
  /** Cost of the calls so far. */
  cost(): Cost;
}

/** Losses of masks that differ little, measured one after another on the same examples. */
export interface LossSequence extends AsyncDisposable {
  /** Number of masks that fill a pass over the examples. */
  readonly masksPerPass: number;
  /** Least probability of being asked for at which masks are measured along with others. */
  readonly worthGuessing: number;
  /** Mean loss of the examples under each of several masks z [edges]. */
  losses(masks: readonly Float32Array[]): Promise<number[]>;
}

/** Most coefficients of a loss that are held at a time. */
const COEFFICIENTS_AT_ONCE = 2 ** 24;

/**
 * The objective of a search on its training examples: `kl`, the task's own `metric`, or any metric by name.
 *
 * @throws {EvaluationError} if the objective is unknown or an example lacks what it needs
 * @throws {DiscoveryError} if there are no examples
 */
export async function objectiveOf(
  input: DiscoveryInput,
  objective: string,
): Promise<Objective> {
  // Records of methods are read where nothing is measured, without the masked stream.
  const { maskValues, meansOf, valueSequence } = await import("../evaluation/evaluate.ts");
  const { masked, train } = input;
  const metric = metricNamed(
    objective === "metric" ? input.metric ?? "logit_difference" : objective,
  );
  const { name } = metric;
  requireDefined(metric, train.examples);
  if (train.examples.length === 0) {
    throw new DiscoveryError("there are no training examples to find a circuit on");
  }
  const sign = metric.better === "lower" ? 1 : -1;
  const all = train.examples.map((_, i) => i);
  const start = performance.now();
  let [forward, backward] = [0, 0];
  const lossOf = (values: ExampleValues) => sign * meansOf(values)[name];
  return {
    metric,
    all,
    async loss(z, chosen = all) {
      forward += chosen.length;
      return lossOf(await maskValues(masked, z, train, [metric], chosen));
    },
    sequence(chosen = all) {
      const sequence = valueSequence(masked, train, [metric], chosen);
      return {
        masksPerPass: sequence.masksPerPass,
        worthGuessing: chosen.length / (chosen.length + devices[masked.engine.provider].passCost),
        async losses(masks) {
          forward += masks.length * chosen.length;
          return (await sequence.values(masks)).map(lossOf);
        },
        [Symbol.asyncDispose]: () => sequence[Symbol.asyncDispose](),
      };
    },
    async gradient(z, chosen = all, closed) {
      backward += chosen.length;
      if (!metric.loss) {
        throw new DiscoveryError(
          `the method follows the objective's gradient, and \`${name}\` has none`,
          metricsWithGradient,
        );
      }
      const { vocabulary } = masked.model.architecture;
      const most = name === "kl"
        ? chosen.length
        : Math.max(1, Math.floor(COEFFICIENTS_AT_ONCE / vocabulary));
      let mean = 0;
      const total = new Float32Array(z.length);
      for (let first = 0; first < chosen.length; first += most) {
        const ids = chosen.slice(first, first + most);
        const loss = metric.loss(ids.map((i) => train.examples[i]), vocabulary);
        const part = await masked.gradient(train, z, {
          chosen: ids,
          loss,
          openOnly: closed === undefined,
          differencesAt: typeof closed === "object" ? closed.differencesAt : undefined,
        });
        const weight = sign * ids.length / chosen.length;
        mean += weight * part.loss;
        for (let e = 0; e < z.length; e++) total[e] += weight * part.gradient[e];
      }
      return { loss: mean, gradient: total };
    },
    report: (loss) => ({ loss, objective: { name, value: sign * loss } }),
    cost: () => ({ forward, gradient: backward, seconds: (performance.now() - start) / 1000 }),
  };
}

/** Masks [edges] that a method starts from: all edges open, or those it is restricted to. */
export function openMasks({ masked }: DiscoveryInput, within?: Uint32Array): Float32Array {
  return within
    ? maskOf(masked.universe, within)
    : new Float32Array(masked.universe.edgeCount).fill(1);
}
