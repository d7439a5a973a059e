/**
 * Everything that can be measured of a circuit, by name: the metrics of its outputs, and the measures of a whole circuit.
 *
 * @module
 */
import type { Circuit } from "../circuits/circuit.ts";
import type { MaskedModel, PreparedExamples } from "../stream/masked.ts";
import { nearest } from "../../base/nearest.ts";
import { cmd, cpr, type CurvePoint, faithfulnessCurve, logArea } from "./curve.ts";
import { circuitValues, type ExampleValues, meansOf } from "./evaluate.ts";
import {
  completeness,
  type Ends,
  endsOfMetric,
  faithfulnessInterval,
  minimality,
} from "./faithfulness.ts";
import type { Interval } from "./intervals.ts";
import { EvaluationError, type MetricChoice, nameOfMetric } from "../metrics/metric.ts";
import { metricNames } from "../metrics/mod.ts";

interface Subject {
  readonly masked: MaskedModel;
  readonly circuit: Circuit;
  readonly prepared: PreparedExamples;
  readonly ends: Ends;
  /** The circuit's curve over the benchmark's sizes, computed once. */
  curve(): Promise<readonly CurvePoint[]>;
}

export const measures = {
  faithfulness: ({ masked, circuit, prepared, ends }: Subject): Promise<Interval> =>
    faithfulnessInterval(masked, circuit, prepared, ends),
  completeness: ({ masked, circuit, prepared, ends }: Subject): Promise<number> =>
    completeness(masked, circuit, prepared, ends),
  minimality: async ({ masked, circuit, prepared, ends }: Subject): Promise<number> =>
    (await minimality(masked, circuit, prepared, ends)).minimality,
  cpr: async ({ curve }: Subject): Promise<number> => cpr(await curve()),
  cmd: async ({ curve }: Subject): Promise<number> => cmd(await curve()),
  log_area: async ({ curve }: Subject): Promise<number> => logArea(await curve()),
} as const satisfies Readonly<Record<string, (subject: Subject) => Promise<number | Interval>>>;

export type MeasureName = keyof typeof measures;

/** Measures of whole circuits; `metricNames` are those of outputs. */
export const measureNames = Object.keys(measures) as readonly MeasureName[];

/** Whether a choice is a measure of the whole circuit. */
export const isMeasure = (choice: MetricChoice): choice is MeasureName =>
  typeof choice === "string" && Object.hasOwn(measures, choice);

/**
 * Metrics and measures of a circuit, by name.
 *
 * @param metric what the measures of whole circuits go by: the task's own
 * @param onValues told of every metric of outputs, one value per example
 * @param onInterval told of the measures that have an interval over the examples
 * @throws {EvaluationError} if a name is unknown, or something cannot be measured on these examples
 * @throws {CircuitError} if a curve is asked for and the circuit has no scores
 */
export async function measureCircuit(
  masked: MaskedModel,
  circuit: Circuit,
  prepared: PreparedExamples,
  choices: readonly MetricChoice[],
  metric: MetricChoice = "logit_difference",
  onValues?: (values: ExampleValues) => void,
  onInterval?: (name: MeasureName, interval: Interval) => void,
): Promise<Record<string, number>> {
  const known = [...metricNames, ...measureNames];
  for (const name of choices) {
    if (typeof name !== "string" || known.includes(name as MeasureName)) continue;
    const near = nearest(name, known);
    throw new EvaluationError(
      `Cannot measure ${name} as it must be one of ${known.join(", ")}: current value is ${name}`,
      near === undefined ? undefined : `did you mean ${near}?`,
    );
  }
  const byOutput = choices.filter((choice) => !isMeasure(choice));
  const each = byOutput.length === 0
    ? {}
    : await circuitValues(masked, circuit, prepared, byOutput);
  onValues?.(each);
  const values = meansOf(each);
  const names = choices.map(nameOfMetric);
  const whole = choices.filter(isMeasure);
  if (whole.length > 0) {
    const ends = await endsOfMetric(masked, prepared, metric);
    let curve: Promise<readonly CurvePoint[]> | undefined;
    const subject: Subject = {
      masked,
      circuit,
      prepared,
      ends,
      curve: () => curve ??= faithfulnessCurve(masked, circuit, prepared, ends),
    };
    for (const name of whole) {
      const found = await measures[name](subject);
      values[name] = typeof found === "number" ? found : found.value;
      if (typeof found !== "number") onInterval?.(name, found);
    }
  }
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}
