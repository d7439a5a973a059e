/** Metrics of circuits, of the full model and of the corrupted run. @module */
import type { Circuit } from "../circuits/mod.ts";
import type { Example } from "../tasks/mod.ts";
import { requireSameUniverse } from "../universe/same.ts";
import { maskOf } from "../universe/universe.ts";
import {
  type MaskedModel,
  type MaskedSequence,
  masksPerPass,
  type PreparedExamples,
} from "../stream/mod.ts";
import {
  EvaluationError,
  type Metric,
  type MetricChoice,
  metricNamed,
  requireDefined,
} from "../metrics/mod.ts";
import { mean } from "./intervals.ts";

/** Values of metrics by name, [examples] each, in the order of the prepared examples. */
export type ExampleValues = Readonly<Record<string, Float64Array>>;

/** Most logits that are held at a time. */
const LOGITS_AT_ONCE = 2 ** 24;

/**
 * Metrics of a circuit, each the mean over the examples.
 *
 * @throws {EvaluationError} if a metric is unknown, or needs wrong answers that an example lacks
 * @throws {CircuitError} if the circuit is of another universe
 *
 * @example
 * ```ts
 * const model = await openModel("examples/models/sorting-gpt");
 * const masked = await openMasked(await openEngine({ device: "cpu" }), model);
 * const files = "examples/sorting/pairs.jsonl";
 * const task = await taskFromFiles({ name: "sorting", files, metric: "kl", seed: 1 }, null);
 * const test = await masked.prepare(task.examples.test.slice(0, 8));
 * const { kl } = await evaluateCircuit(masked, fullCircuit(masked.universe), test, ["kl"]);
 * console.log(kl); // 0 nats: the circuit is the model
 * await masked.engine.close();
 * ```
 */
export async function evaluateCircuit(
  masked: MaskedModel,
  circuit: Circuit,
  prepared: PreparedExamples,
  choices: readonly MetricChoice[],
): Promise<Record<string, number>> {
  return meansOf(await circuitValues(masked, circuit, prepared, choices));
}

/**
 * Metrics of a circuit, one value per example. A circuit of all edges is the full model.
 *
 * @throws {EvaluationError} if a metric is unknown, or needs wrong answers that an example lacks
 * @throws {CircuitError} if the circuit is of another universe
 */
export function circuitValues(
  masked: MaskedModel,
  circuit: Circuit,
  prepared: PreparedExamples,
  choices: readonly MetricChoice[],
): Promise<ExampleValues> {
  requireSameUniverse(circuit.universe, masked.universe, "the circuit and the model");
  requireOwnAblation(circuit, prepared);
  return circuit.edges.length === masked.universe.edgeCount
    ? fullValues(masked, prepared, choices)
    : maskValues(masked, maskOf(masked.universe, circuit.edges), prepared, choices);
}

/** Refuses examples that are prepared for another ablation than the one that a circuit says, unless all edges are open. */
function requireOwnAblation(
  circuit: Circuit,
  { ablation = "interchange" }: PreparedExamples,
): void {
  const own = circuit.provenance.options?.ablation;
  const isFull = circuit.edges.length === circuit.universe.edgeCount;
  if (own === undefined || own === ablation || isFull) return;
  throw new EvaluationError(
    `the circuit is of ablation \`${own}\`, and the examples of ablation \`${ablation}\``,
    `take examples of \`${own}\`, or the circuit under the other one`,
  );
}

/**
 * Metrics of the full model, each the mean over the examples.
 *
 * @throws {EvaluationError} if a metric is unknown, or needs wrong answers that an example lacks
 */
export async function evaluateFull(
  masked: MaskedModel,
  prepared: PreparedExamples,
  choices: readonly MetricChoice[],
): Promise<Record<string, number>> {
  return meansOf(await fullValues(masked, prepared, choices));
}

/** As {@link evaluateFull}, one value per example. */
export async function fullValues(
  masked: MaskedModel,
  prepared: PreparedExamples,
  choices: readonly MetricChoice[],
): Promise<ExampleValues> {
  const metrics = metricsOf(choices, prepared);
  // The full model's log-probabilities are known; its logits take a pass.
  const { logits = [], known = [] } = Object.groupBy(
    metrics,
    ({ reads }) => reads === "logits" ? "logits" : "known",
  );
  const [values] = await valuesOf(masked, prepared, known, 1, async (ids) => {
    const targets = await masked.targets(prepared, ids);
    return [{ logits: targets, targets, kl: new Float32Array(ids.length) }];
  });
  if (logits.length === 0) return values;
  const open = new Float32Array(masked.universe.edgeCount).fill(1);
  return { ...values, ...await maskValues(masked, open, prepared, logits) };
}

/**
 * Metrics of the corrupted run, which is the circuit without edges, each the mean over the examples.
 *
 * @throws {EvaluationError} if a metric is unknown, or needs wrong answers that an example lacks
 */
export async function evaluateCorrupted(
  masked: MaskedModel,
  prepared: PreparedExamples,
  choices: readonly MetricChoice[],
): Promise<Record<string, number>> {
  return meansOf(await maskValues(masked, maskOf(masked.universe, []), prepared, choices));
}

/**
 * Metrics under any masks z [edges] in [0, 1], one value per example.
 *
 * @param chosen positions in the prepared examples; all of them when left out
 */
export async function maskValues(
  masked: MaskedModel,
  z: Float32Array,
  prepared: PreparedExamples,
  choices: readonly MetricChoice[],
  chosen?: readonly number[],
): Promise<ExampleValues> {
  const metrics = metricsOf(choices, prepared);
  const logits = readLogits(metrics);
  const outputs = async (ids: readonly number[]): Promise<Outputs[]> => {
    const found = await masked.evaluate(prepared, z, { chosen: ids, logits });
    return [{ ...found, targets: logits ? await masked.targets(prepared, ids) : found.logits }];
  };
  return (await valuesOf(masked, prepared, metrics, 1, outputs, chosen))[0];
}

/** Metrics of masks that differ little, measured one after another on the same examples. */
export interface ValueSequence extends AsyncDisposable {
  /** Number of masks that fill a pass. */
  readonly masksPerPass: number;
  /** Values under each of several masks z [edges] in [0, 1], as {@link maskValues} gives them. */
  values(masks: readonly Float32Array[]): Promise<ExampleValues[]>;
}

/**
 * Begins a sequence of measurements: see {@link MaskedModel.sequence}.
 *
 * @param chosen positions in the prepared examples; all of them when left out
 * @throws {EvaluationError} if a metric is unknown, or needs wrong answers that an example lacks
 */
export function valueSequence(
  masked: MaskedModel,
  prepared: PreparedExamples,
  choices: readonly MetricChoice[],
  chosen?: readonly number[],
): ValueSequence {
  const metrics = metricsOf(choices, prepared);
  const logits = readLogits(metrics);
  const count = chosen?.length ?? prepared.examples.length;
  const inPass = masksPerPass(masked, count);
  const most = logits
    ? Math.max(1, Math.min(inPass, Math.floor(mostRows(masked) / count)))
    : inPass;
  /** One for every group of examples whose logits are held at a time, with their targets. */
  const groups: { readonly sequence: MaskedSequence; readonly targets: Float32Array | null }[] = [];
  const openGroup = async (ids: readonly number[]) => ({
    sequence: await masked.sequence(prepared, ids),
    targets: logits ? await masked.targets(prepared, ids) : null,
  });
  return {
    masksPerPass: inPass,
    async values(masks) {
      const values: ExampleValues[] = [];
      for (let start = 0; start < masks.length; start += most) {
        const some = masks.slice(start, start + most);
        const outputs = async (ids: readonly number[], group: number): Promise<Outputs[]> => {
          const { sequence, targets } = groups[group] ??= await openGroup(ids);
          const found = await sequence.evaluate(some, { logits });
          return found.map((each) => ({ ...each, targets: targets ?? each.logits }));
        };
        values.push(...await valuesOf(masked, prepared, metrics, some.length, outputs, chosen));
      }
      return values;
    },
    async [Symbol.asyncDispose]() {
      for (const { sequence } of groups.splice(0)) await sequence.close();
    },
  };
}

/** Mean of every metric over the examples. */
export function meansOf(values: ExampleValues): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, each]) => [name, mean(each)]),
  );
}

function metricsOf(choices: readonly MetricChoice[], { examples }: PreparedExamples): Metric[] {
  if (examples.length === 0) {
    throw new EvaluationError("there are no examples to evaluate the circuit on");
  }
  const metrics = [...new Map(choices.map(metricNamed).map((each) => [each.name, each])).values()];
  for (const metric of metrics) requireDefined(metric, examples);
  return metrics;
}

const readLogits = (metrics: readonly Metric[]) => metrics.some(({ reads }) => reads !== "kl");

/** Most rows of logits that are held at a time. */
const mostRows = ({ model }: MaskedModel): number =>
  Math.floor(LOGITS_AT_ONCE / model.architecture.vocabulary);

const noNumber = (metric: string, value: number, { clean }: Example) =>
  new EvaluationError(
    `\`${metric}\` is ${value} on the prompt ${
      JSON.stringify(clean)
    }, which is no number to measure by`,
  );

interface Outputs {
  readonly kl: Float32Array;
  /** [ids, vocabulary] each. */
  readonly logits: Float32Array;
  readonly targets: Float32Array;
}

/**
 * @param count how many outputs there are of every example
 * @param outputs those of some examples, the group of that number
 */
async function valuesOf(
  masked: MaskedModel,
  { examples }: PreparedExamples,
  metrics: readonly Metric[],
  count: number,
  outputs: (ids: readonly number[], group: number) => Promise<readonly Outputs[]>,
  chosen: readonly number[] = examples.map((_, i) => i),
): Promise<ExampleValues[]> {
  const { vocabulary } = masked.model.architecture;
  const values = Array.from(
    { length: count },
    () => Object.fromEntries(metrics.map(({ name }) => [name, new Float64Array(chosen.length)])),
  );
  // Neighbours in length pass together, so examples are taken in order of length.
  const length = (place: number) => examples[chosen[place]].cleanTokens.length;
  const order = [...chosen.keys()].sort((a, b) => length(a) - length(b) || a - b);
  const most = Math.max(1, mostRows(masked));
  for (let start = 0; start < order.length; start += most) {
    const places = order.slice(start, start + most);
    const found = await outputs(places.map((place) => chosen[place]), start / most);
    found.forEach(({ kl, logits, targets }, m) =>
      places.forEach((place, i) => {
        const row = (matrix: Float32Array) => matrix.subarray(i * vocabulary, (i + 1) * vocabulary);
        const output = { kl: kl[i], logits: row(logits), target: row(targets) };
        const example = examples[chosen[place]];
        for (const metric of metrics) {
          const value = metric.value(output, example);
          if (!Number.isFinite(value)) throw noNumber(metric.name, value, example);
          values[m][metric.name][place] = value;
        }
      })
    );
  }
  return values;
}
