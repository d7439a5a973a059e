/** Evaluation of circuits: metrics, measures, intervals, comparisons and plots. @module */
export { maskOf } from "../universe/universe.ts";
export {
  EvaluationError,
  expressionMetric,
  expressionText,
  type Metric,
  type MetricChoice,
  type MetricName,
  metricNamed,
  metricNames,
  metrics,
  metricsFor,
  nameOfMetric,
  type Output,
} from "../metrics/mod.ts";
export {
  circuitValues,
  evaluateCircuit,
  evaluateCorrupted,
  evaluateFull,
  type ExampleValues,
  fullValues,
  maskValues,
  meansOf,
} from "./evaluate.ts";
export { faithfulnessEstimate } from "./measures/faithfulness.ts";
export { minimality } from "./measures/minimality.ts";
export { cpr } from "./measures/cpr.ts";
export { cmd } from "./measures/cmd.ts";
export { logArea } from "./measures/log_area.ts";
export type { Measure, MeasuredCircuit } from "./measures/measure.ts";
export { isMeasure, type MeasureName, measureNames, measures } from "./measures/mod.ts";
export { endsOfMetric, measureCircuit, measuredCircuit } from "./measure_circuit.ts";
export { faithfulnessCurve, hasCurve, mibShares, requireCurve } from "./curve.ts";
export { trapezoid } from "./area.ts";
export { type Agreement, areaUnder, compareWithTruth, rocCurve } from "./truth.ts";
export { agreementOf, type SeedAgreement } from "./agreement.ts";
export {
  type Estimate,
  estimatesOf,
  type Interval,
  type IntervalOptions,
  meanEstimate,
  ratioEstimate,
  resampled,
  spreadOf,
} from "./intervals.ts";
export { compareCircuits, type ComparedCircuit } from "./compare.ts";
export {
  offAxis,
  type SizePlot,
  type SizePoint,
  type SizeSeries,
  sizesToSvg,
} from "./plots/sizes.ts";
export { type OverPlot, type OverPoint, overToSvg } from "./plots/over.ts";
export { overlapToSvg } from "./plots/overlap.ts";
export type { NamedCircuit } from "./plots/plot.ts";
export { type LayerCount, layerCounts, layersToSvg } from "./plots/layers.ts";
export { passesOfMeasures } from "./passes.ts";
export { trainingToSvg } from "./plots/training.ts";
