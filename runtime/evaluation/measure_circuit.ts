/** Measurements of a circuit by name: metrics of its outputs, and measures of the whole circuit. @module */
import { maskOf } from "../universe/universe.ts";
import type { Circuit } from "../circuits/mod.ts";
import { requireSameUniverse } from "../universe/same.ts";
import type { MaskedModel, PreparedExamples } from "../stream/mod.ts";
import { helpFor } from "../../base/help_line.ts";
import { type CurvePoint, faithfulnessCurve, requireCurve } from "./curve.ts";
import {
  circuitValues,
  type ExampleValues,
  fullValues,
  maskValues,
  meansOf,
  valueSequence,
} from "./evaluate.ts";
import type { Estimate } from "./intervals.ts";
import type { Ends, MeasuredCircuit } from "./measures/measure.ts";
import { isMeasure, type MeasureName, measureNames, measures } from "./measures/mod.ts";
import { EvaluationError, type MetricChoice, metricNames, nameOfMetric } from "../metrics/mod.ts";

/**
 * A metric of the full model and of the corrupted run.
 *
 * @throws {EvaluationError} if the metric is unknown, or needs wrong answers that an example lacks
 */
export async function endsOfMetric(
  masked: MaskedModel,
  prepared: PreparedExamples,
  metric: MetricChoice,
): Promise<Ends> {
  const name = nameOfMetric(metric);
  const full = await fullValues(masked, prepared, [metric]);
  const corrupted = await maskValues(masked, maskOf(masked.universe, []), prepared, [metric]);
  return {
    metric,
    full: meansOf(full)[name],
    corrupted: meansOf(corrupted)[name],
    each: { full: full[name], corrupted: corrupted[name] },
  };
}

/**
 * A circuit on a model and its examples, for measures to read.
 *
 * @throws {CircuitError} if the circuit is of another universe
 */
export function measuredCircuit(
  masked: MaskedModel,
  circuit: Circuit,
  prepared: PreparedExamples,
  ends: Ends,
): MeasuredCircuit {
  const { universe } = masked;
  requireSameUniverse(circuit.universe, universe, "the circuit and the model");
  const metrics = [ends.metric];
  const name = nameOfMetric(ends.metric);
  let curve: Promise<readonly CurvePoint[]> | undefined;
  return {
    circuit,
    ends,
    async values(edges) {
      return (await maskValues(masked, maskOf(universe, edges), prepared, metrics))[name];
    },
    async without(edges) {
      const open = maskOf(universe, circuit.edges);
      await using sequence = valueSequence(masked, prepared, metrics);
      const { masksPerPass } = sequence;
      const means: number[] = [];
      for (let first = 0; first < edges.length; first += masksPerPass) {
        const masks = edges.slice(first, first + masksPerPass)
          .map((edge) => open.map((z, e) => e === edge ? 0 : z));
        means.push(...(await sequence.values(masks)).map((values) => meansOf(values)[name]));
      }
      return means;
    },
    curve: () => curve ??= faithfulnessCurve(masked, circuit, prepared, ends),
  };
}

/**
 * Metrics and measures of a circuit, by name: {@linkcode metricNames} and {@linkcode measureNames}.
 *
 * @param metric the metric that measures of the whole circuit are made of, usually the task's own
 * @param onValues receives the metrics, one value per example
 * @param onEstimate receives the value of a measure that has an interval over the examples, with it
 * @throws {EvaluationError} if a name is unknown, or a metric has no value for an example
 * @throws {CircuitError} if a measure needs scores and the circuit has none or too few, or the circuit is of another universe
 *
 * @example
 * ```ts
 * const model = await openModel("examples/models/sorting-gpt");
 * const masked = await openMasked(await openEngine({ device: "cpu" }), model);
 * const files = "examples/sorting/pairs.jsonl";
 * const task = await taskFromFiles({ name: "sorting", files, metric: "kl", seed: 1 }, null);
 * const test = await masked.prepare(task.examples.test.slice(0, 8));
 * const circuit = fullCircuit(masked.universe);
 * const { faithfulness } = await measureCircuit(masked, circuit, test, ["faithfulness"], "kl");
 * console.log(faithfulness); // 1: the circuit is the model
 * await masked.engine.close();
 * ```
 */
export async function measureCircuit(
  masked: MaskedModel,
  circuit: Circuit,
  prepared: PreparedExamples,
  choices: readonly MetricChoice[],
  metric: MetricChoice = "logit_difference",
  onValues?: (values: ExampleValues) => void,
  onEstimate?: (name: MeasureName, estimate: Estimate) => void,
): Promise<Record<string, number>> {
  const known: readonly string[] = [...metricNames, ...measureNames];
  for (const name of choices) {
    if (typeof name !== "string" || known.includes(name)) continue;
    throw new EvaluationError(
      `unknown metric \`${name}\``,
      helpFor(name, known, "the metrics are"),
    );
  }
  const whole = choices.filter(isMeasure);
  if (whole.some((name) => measures[name].needsScores)) requireCurve(circuit);
  const byOutput = choices.filter((choice) => !isMeasure(choice));
  const each = byOutput.length === 0
    ? {}
    : await circuitValues(masked, circuit, prepared, byOutput);
  onValues?.(each);
  const values = meansOf(each);
  const names = choices.map(nameOfMetric);
  if (whole.length > 0) {
    const ends = await endsOfMetric(masked, prepared, metric);
    const measured = measuredCircuit(masked, circuit, prepared, ends);
    for (const name of whole) {
      const found = await measures[name].value(measured);
      values[name] = typeof found === "number" ? found : found.value;
      if (typeof found !== "number") onEstimate?.(name, found);
    }
  }
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}
