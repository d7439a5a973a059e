/**
 * How good a circuit is.
 *
 * @module
 */
export {
  EvaluationError,
  type Judged,
  type Metric,
  type MetricChoice,
  nameOfMetric,
  type Output,
} from "../metrics/metric.ts";
export { expressionMetric, expressionText } from "../metrics/expression.ts";
export { type MetricName, metricNamed, metricNames, metrics, metricsFor } from "../metrics/mod.ts";
export {
  circuitValues,
  evaluateCircuit,
  evaluateCorrupted,
  evaluateFull,
  type ExampleValues,
  fullValues,
  maskOf,
  maskValues,
  meansOf,
} from "./evaluate.ts";
export {
  circuitFaithfulness,
  completeness,
  type Ends,
  endsOfMetric,
  faithfulness,
  faithfulnessInterval,
  minimality,
} from "./faithfulness.ts";
export {
  cmd,
  cpr,
  type CurvePoint,
  faithfulnessCurve,
  logArea,
  mibShares,
  trapezoid,
} from "./curve.ts";
export { type Agreement, areaUnder, compareWithTruth, rocCurve, type RocPoint } from "./truth.ts";
export {
  agreementOf,
  bootstrap,
  bootstrapDefaults,
  type BootstrapOptions,
  type Interval,
  intervalsOf,
  quantile,
  resampled,
  type SeedAgreement,
  spreadOf,
} from "./intervals.ts";
export { isMeasure, measureCircuit, type MeasureName, measureNames, measures } from "./measures.ts";
export { compareCircuits, type Contender } from "./compare.ts";
export { type SizePlot, type SizePoint, type SizeSeries, sizesToSvg } from "./plots/sizes.ts";
export { type NamedCircuit, overlapToSvg } from "./plots/overlap.ts";
export { type LayerCount, layerCounts, layersToSvg } from "./plots/layers.ts";
