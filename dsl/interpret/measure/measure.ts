/** Metrics of circuits: which examples they are measured on, and what they come to. @module */
import {
  type Estimate,
  estimatesOf,
  type ExampleValues,
  hasCurve,
  isMeasure,
  measureCircuit,
  measureNames,
  measures,
  type MetricChoice,
  metricsFor,
  nameOfMetric,
} from "../../../runtime/evaluation/mod.ts";
import { ablationOf, type Circuit, fullCircuit, under } from "../../../runtime/circuits/mod.ts";
import type { Split, Task } from "../../../runtime/tasks/mod.ts";
import { severalCorruptions, withoutTask } from "../../check/messages.ts";
import type { Occasion } from "../../check/program.ts";
import type { Context } from "../context.ts";
import type { Measured, Measurement } from "../effects.ts";
import { keysOf } from "./key.ts";
import { at, fail, type Place, StoppedError } from "../error.ts";
import type { MaskedModel } from "../../../runtime/stream/mod.ts";
import { usedIn } from "../operands.ts";
import type { Session } from "../session.ts";
import { meansTask, requireMeans } from "./means.ts";
import type { CircuitValue, CorruptionValue, TaskValue } from "../values.ts";

/**
 * Values of metrics, by name. A circuit is run under the ablation that it was found with. Besides names, `metric` is the
 * task's own, `all` is everything and `outputs` every metric that the full model has as well.
 *
 * @param intervals after each metric of outputs, and faithfulness, `METRIC low` and `METRIC high`: its 95 % confidence interval
 *   over the examples, null where it is unknown
 */
export async function measure(
  value: CircuitValue,
  metrics: readonly string[],
  occasion: Occasion,
  place: Place,
  context: Context,
  intervals = false,
): Promise<Record<string, number | null>> {
  const { session, effects } = context;
  const { model, circuit } = value;
  const ablation = ablationOf(circuit);
  const { split } = occasion;
  const measuredOn = examplesOf(value, occasion, place, context);
  const { task, corruption } = measuredOn;
  const examples = await session.task(model, task, corruption, place);
  if (examples.examples[split].length === 0) {
    fail(place, `\`${task.name}\` has no ${split} examples`);
  }
  const means = await meansTask(value, measuredOn, place, context);
  requireMeans(circuit, examples.examples[split], means, place);
  const named = metrics.flatMap((metric): readonly MetricChoice[] =>
    metric === "metric"
      ? [examples.metric]
      : metric === "outputs"
      ? outputMetrics(examples, split)
      : metric === "all"
      ? [...outputMetrics(examples, split), ...measuresFor(circuit)]
      : [metric]
  );
  const choices = [...new Map(named.map((each) => [nameOfMetric(each), each])).values()];
  const { measured: known } = session;
  const key = (metric: MetricChoice) =>
    [circuit, model, examples, split, ablation, means, nameOfMetric(metric)] as const;
  const wanted = choices.filter((metric) => !known.find(...key(metric)));
  if (wanted.length > 0) {
    const measurement = { value, model, metrics: wanted, examples, split, means, place };
    const found = await effects.measure(measurement, context);
    wanted.forEach((metric, i) => known.set(key(metric), found[i]));
  }
  return Object.fromEntries(choices.flatMap((metric) => {
    const name = nameOfMetric(metric);
    const { value, low, high } = known.find(...key(metric))!;
    const ends = intervals && hasInterval(metric)
      ? [[`${name} low`, low ?? null], [`${name} high`, high ?? null]]
      : [];
    return [[name, value], ...ends];
  }));
}

/** The examples that a circuit is measured on: of the task that is named, or of its own. */
export function examplesOf(
  value: CircuitValue,
  occasion: Occasion,
  place: Place,
  context: Context,
): { readonly task: TaskValue; readonly corruption: CorruptionValue | null } {
  const task = usedIn("task", occasion.task, context) ?? value.task ?? fail(place, ...withoutTask);
  return { task, corruption: corruptionOf(task, value, occasion, place, context) };
}

/** The corruption that is named, the circuit's own, or the task's only one. */
function corruptionOf(
  task: TaskValue,
  value: CircuitValue,
  { corruption: use, corruptions }: Occasion,
  place: Place,
  context: Context,
): CorruptionValue | null {
  const named = usedIn("corruption", use, context);
  if (named?.task === task) return named;
  if (named) {
    fail(
      context.source.place(use!),
      `\`${named.name}\` changes other prompts than those of this \`${task.name}\``,
      "say `on TASK`, or declare the corruption again",
    );
  }
  if (value.corruption?.task === task) return value.corruption;
  // A task with one corruption leaves nothing to choose.
  const known = corruptions.map((symbol) => context.env.get(symbol)).filter((each) =>
    each?.kind === "corruption" && each.task === task
  ) as CorruptionValue[];
  if (known.length <= 1) return known[0] ?? null;
  return fail(place, ...severalCorruptions(task.name, known));
}

/** The full model in place of a circuit, on the same occasion. */
export function wholeModel(value: CircuitValue): CircuitValue {
  const { circuit } = value;
  return { ...value, circuit: under(fullCircuit(circuit.universe), ablationOf(circuit)) };
}

/** Metrics of a table when a script names none. */
export const defaultMetrics: readonly string[] = ["kl", "metric"];

/** Measures a circuit on an engine, or takes what an earlier run measured. */
export async function measureNow(
  measurement: Measurement,
  session: Session,
): Promise<readonly Measured[]> {
  const { store } = session;
  if (store === undefined) return await measureOnEngine(measurement, session);
  const keys = await keysOf(measurement);
  const known = await Promise.all(keys.map((key) => store.measured(key)));
  const missing = measurement.metrics.filter((_, i) => known[i] === null);
  if (missing.length === 0) return known.filter((each) => each !== null);
  const found = await measureOnEngine({ ...measurement, metrics: missing }, session);
  const all = measurement.metrics.map((metric, i) => known[i] ?? found[missing.indexOf(metric)]);
  await Promise.all(all.map(async (each, i) => {
    if (known[i] === null) await store.keepMeasured(keys[i], each);
  }));
  return all;
}

async function measureOnEngine(
  { value, model, metrics, examples, split, means, place }: Measurement,
  session: Session,
): Promise<Measured[]> {
  const { circuit } = value;
  const masked = stoppable(await session.masked(model, place), session.host.signal());
  const ablation = ablationOf(circuit);
  const prepared = await session.prepared(model, examples, split, ablation, means, place);
  let each: ExampleValues = {};
  const measured: Record<string, Estimate> = {};
  const found = await at(place, async () => {
    const { metric } = examples;
    return await measureCircuit(masked, circuit, prepared, metrics, metric, (values) => {
      each = values;
    }, (name, estimate) => measured[name] = estimate);
  });
  const outputs = metrics.filter((metric) => !isMeasure(metric));
  const bounds: Record<string, Estimate> = { ...estimatesOf(each, outputs), ...measured };
  return metrics.map((metric) => {
    const name = nameOfMetric(metric);
    return { ...bounds[name], value: found[name] };
  });
}

/** A masked model whose passes end with a `StoppedError` once the user asked to stop. */
function stoppable(masked: MaskedModel, signal: AbortSignal): MaskedModel {
  const check = () => {
    if (!signal.aborted) return;
    throw new StoppedError("stopped while it was measured: what was found before is kept");
  };
  const checked =
    <Given extends unknown[], Made>(call: (...given: Given) => Promise<Made>) =>
    async (...given: Given): Promise<Made> => {
      check();
      return await call(...given);
    };
  return {
    ...masked,
    evaluate: checked(masked.evaluate),
    gradient: checked(masked.gradient),
    sequence: checked(async (...given: Parameters<MaskedModel["sequence"]>) => {
      const sequence = await masked.sequence(...given);
      return { ...sequence, evaluate: checked(sequence.evaluate) };
    }),
  };
}

/** True if a metric is a mean over examples, or a ratio of such means. */
const hasInterval = (metric: MetricChoice): boolean =>
  isMeasure(metric) ? measures[metric].hasInterval : true;

/** Every metric of outputs that these examples allow, the task's own among them. */
function outputMetrics({ metric, examples }: Task, split: Split): MetricChoice[] {
  return [...metricsFor(examples[split]), metric];
}

/** Measures of the circuit as a whole; some of them need scores. */
function measuresFor(circuit: Circuit): readonly string[] {
  return measureNames.filter((name) => !measures[name].needsScores || hasCurve(circuit));
}
