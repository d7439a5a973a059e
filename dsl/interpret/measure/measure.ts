/**
 * Metrics of circuits: which examples they are measured on, and what they come to.
 *
 * @module
 */
import {
  type ExampleValues,
  fullValues,
  type Interval,
  intervalsOf,
  isMeasure,
  meansOf,
  measureCircuit,
  measureNames,
  measures,
  type MetricChoice,
  metricNames,
  metricsFor,
  nameOfMetric,
} from "../../../runtime/evaluation/mod.ts";
import { isMetricName } from "../../../runtime/metrics/mod.ts";
import type { Circuit } from "../../../runtime/circuits/mod.ts";
import { type Split, SPLITS, type Task } from "../../../runtime/tasks/mod.ts";
import type { Name, Path } from "../../syntax/tree.ts";
import type { Context } from "../context.ts";
import { at, fail, type Place } from "../error.ts";
import type { CircuitValue, CorruptionValue, TaskValue } from "../values.ts";

/** Where circuits are measured, as a script says it; what it leaves out is the circuit's own. */
export interface Occasion {
  /** `ioi` or `ioi.test`. */
  readonly on: Path | undefined;
  readonly corruption: Name | undefined;
}

/**
 * Values of metrics, by name. A circuit is run under the ablation that it was found with. Besides names, `metric` is the
 * task's own, `all` is everything and `outputs` every metric that the full model has as well.
 *
 * @param intervals after each metric of outputs, and faithfulness, `METRIC low` and `METRIC high`: its 95 % bootstrap interval
 *   over the examples
 */
export async function measure(
  value: CircuitValue,
  metrics: readonly string[],
  occasion: Occasion,
  place: Place,
  { session, scope }: Context,
  intervals = false,
): Promise<Record<string, number>> {
  const { model, circuit, ablation = "interchange" } = value;
  if (model === undefined) {
    fail(
      place,
      "this circuit belongs to no model of the script",
      "say `in MODEL` where it is read",
    );
  }
  const { task, split } = taskOf(occasion.on, value, place);
  const corruption = corruptionOf(task);
  const examples = await session.task(model, task, corruption, place);
  if (examples.examples[split].length === 0) {
    fail(place, `\`${task.name}\` has no ${split} examples`);
  }
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
    [circuit, model, examples, split, ablation, nameOfMetric(metric)] as const;
  const wanted = choices.filter((metric) => !known.find(...key(metric)));
  if (session.planner && wanted.length > 0) {
    session.planner.measure({ value, metrics: wanted, examples, split });
    for (const metric of wanted) known.set(key(metric), { value: 0, low: 0, high: 0 });
  } else if (wanted.length > 0) {
    const masked = await session.masked(model, place);
    const prepared = await session.prepared(model, examples, split, ablation, place);
    let each: ExampleValues = {};
    const measured: Record<string, Interval> = {};
    const found = await at(place, async () => {
      // What all edges give is the full model's own output, which is known already.
      if (circuit.edges.length === circuit.universe.edgeCount && wanted.every(isOutputMetric)) {
        return meansOf(each = await fullValues(masked, prepared, wanted));
      }
      const { metric } = examples;
      return await measureCircuit(masked, circuit, prepared, wanted, metric, (values) => {
        each = values;
      }, (name, interval) => measured[name] = interval);
    });
    const bounds = { ...intervalsOf(each), ...measured };
    for (const metric of wanted) {
      const name = nameOfMetric(metric);
      known.set(key(metric), { ...bounds[name], value: found[name] });
    }
  }
  return Object.fromEntries(choices.flatMap((metric) => {
    const name = nameOfMetric(metric);
    const { value, low, high } = known.find(...key(metric))!;
    const ends = intervals && hasInterval(metric)
      ? [[`${name} low`, low!], [`${name} high`, high!]]
      : [];
    return [[name, value], ...ends];
  }));

  function taskOf(on: Path | undefined, { task }: CircuitValue, place: Place) {
    const [name, splitName] = on?.parts ?? [];
    const split = splitName === undefined
      ? "test"
      : SPLITS.find((each) => each === splitName.text) ??
        fail(
          scope.place(splitName),
          `\`${splitName.text}\` is no split`,
          `splits are ${SPLITS.join(", ")}`,
        );
    if (name === undefined) {
      return {
        split,
        task: task ?? fail(place, "this circuit was found for no task", "say `on TASK`"),
      };
    }
    const value = scope.lookup(name.text);
    if (value?.kind !== "task") fail(scope.place(name), `\`${name.text}\` is not a task`);
    return { split, task: value };
  }

  function corruptionOf(task: TaskValue): CorruptionValue | null {
    const { corruption: name } = occasion;
    if (name === undefined) {
      return value.corruption?.task === task ? value.corruption : onlyOne(task);
    }
    const named = scope.lookup(name.text);
    if (named?.kind !== "corruption") {
      fail(scope.place(name), `\`${name.text}\` is not a corruption`);
    }
    if (named.task === task) return named;
    return fail(
      scope.place(name),
      `\`${name.text}\` changes other prompts than those of this \`${task.name}\``,
      "say `on TASK`, or declare the corruption again",
    );
  }

  /** A task with one corruption leaves nothing to choose. */
  function onlyOne(task: TaskValue): CorruptionValue | null {
    const known = [...scope.names.values()].filter((each): each is CorruptionValue =>
      each.kind === "corruption" && each.task === task
    );
    if (known.length <= 1) return known[0] ?? null;
    return fail(
      place,
      `\`${task.name}\` has several corruptions`,
      `say \`corrupted by\` one of ${known.map(({ name }) => name).join(", ")}`,
    );
  }
}

/** The metrics that names stand for; `all` is every one there is. */
export function metricsNamed(names: readonly Name[], context: Context): string[] {
  return names.flatMap((name) => {
    if (name.text === "all" || isMetric(name.text)) return [name.text];
    return fail(
      context.scope.place(name),
      `no metric is called \`${name.text}\``,
      `there are ${[...metricNames, ...measureNames].join(", ")}`,
    );
  });
}

export function isMetric(name: string): boolean {
  return name === "metric" || isOutputMetric(name) || isMeasure(name);
}

/** Whether a metric is a mean over examples, or a ratio of such means. */
const hasInterval = (metric: MetricChoice): boolean =>
  isMeasure(metric) ? measures[metric].hasInterval : true;

/** Whether a name is a metric of outputs, which the full model has as well as a circuit. */
const isOutputMetric = (metric: MetricChoice): boolean =>
  typeof metric !== "string" || isMetricName(metric);

/** Every metric of outputs that these examples allow, the task's own among them. */
function outputMetrics({ metric, examples }: Task, split: Split): MetricChoice[] {
  return [...metricsFor(examples[split]), metric];
}

/** What can be measured of the circuit as a whole: some measures go through its edges by score. */
function measuresFor({ scores }: Circuit): readonly string[] {
  return measureNames.filter((name) => scores !== null || !measures[name].needsScores);
}
