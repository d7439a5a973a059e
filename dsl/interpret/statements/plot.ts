/**
 * `plot WHAT of CIRCUITS to "FILE.svg"`: metrics over sizes, overlaps, layers.
 *
 * @module
 */
import {
  type Circuit,
  derivedProvenance,
  fullCircuit,
  makeCircuit,
  reachableEdges,
} from "../../../runtime/circuits/mod.ts";
import { ranking } from "../../../runtime/circuits/ranking.ts";
import { isMeasure, type Measure, measures, mibShares } from "../../../runtime/evaluation/mod.ts";
import { circuitPlots, isPlot } from "../../../runtime/evaluation/plots/mod.ts";
import {
  type SizePlot,
  type SizePoint,
  type SizeSeries,
  sizesToSvg,
} from "../../../runtime/evaluation/plots/sizes.ts";
import { isMetricName, metrics } from "../../../runtime/metrics/mod.ts";
import type { NamedMetric } from "../../../runtime/metrics/metric.ts";
import { fileProblem } from "../../../base/file_problem.ts";
import { writeWhole } from "../../../base/whole_file.ts";
import type { PlotStatement } from "../../syntax/tree.ts";
import type { Context } from "../context.ts";
import { at, fail } from "../error.ts";
import { measure, metricsNamed } from "../measure/measure.ts";
import { circuitOf } from "../expressions.ts";
import type { CircuitValue } from "../values.ts";

export async function runPlot(statement: PlotStatement, context: Context): Promise<void> {
  const { scope, session } = context;
  const { what, circuits: expressions, by, file } = statement;
  if (by.length > 0) {
    fail(scope.place(by[0]), "`by` has no use in a plot", "the metric stands behind `plot`");
  }
  const values: { name: string; value: CircuitValue }[] = [];
  for (const expression of expressions) {
    values.push({
      name: scope.written(expression),
      value: await circuitOf(expression, context),
    });
  }
  const plot = isPlot(what.text) ? circuitPlots[what.text] : undefined;
  if (session.planner && plot) return;
  const svg = plot
    ? await at(
      scope.place(statement),
      () => plot.draw(values.map(({ name, value: { circuit } }) => ({ name, circuit }))),
    )
    : await plotMetric(statement, values, context);
  if (session.planner) return;
  try {
    await writeWhole(scope.path(file.value), svg);
  } catch (error) {
    fail(scope.place(file), `cannot write ${JSON.stringify(file.value)}: ${fileProblem(error)}`);
  }
  session.host.note(`plotted ${what.text} to ${file.value}`);
}

/** A metric over sizes: a curve for a circuit with scores, a point for one without. */
async function plotMetric(
  statement: PlotStatement,
  values: readonly { readonly name: string; readonly value: CircuitValue }[],
  context: Context,
): Promise<string> {
  const place = context.scope.place(statement);
  const { what } = statement;
  const [metric] = metricsNamed([what], context);
  const named: NamedMetric | undefined = isMetricName(metric) ? metrics[metric] : undefined;
  const measureOf: Measure | undefined = isMeasure(metric) ? measures[metric] : undefined;
  const hasCurve = measureOf?.overSizes ?? true;
  /** The value, and where it is one of outputs its interval. */
  const measured = async (value: CircuitValue) => {
    const found = await measure(value, [metric], statement, place, context, true);
    const [mean, low, high] = Object.values(found);
    return { value: mean, ...(low !== undefined && { low, high }) };
  };
  const series: SizeSeries[] = [];
  for (const { name, value } of values) {
    const points: SizePoint[] = [];
    for (const { edges, circuit } of hasCurve ? sizesOf(value.circuit) : [whole(value.circuit)]) {
      points.push({ edges, ...await measured({ ...value, circuit }) });
    }
    series.push({ name, points });
  }
  const [{ value: first }] = values;
  const reference = measureOf
    ? measureOf.fullModel
    : named?.relative
    ? undefined
    : (await measured({ ...first, circuit: fullCircuit(first.circuit.universe) })).value;
  if (context.session.planner) return "";
  return await at(place, () =>
    sizesToSvg({
      ...(named?.negligible ? overMagnitudes(series, named.negligible) : { series }),
      metric: named?.label ?? metric.replaceAll("_", " "),
      ...(reference !== undefined && { reference: { name: "full model", value: reference } }),
    }));
}

/** Values that fall by magnitudes as circuits grow: on a logarithmic axis, where nothing is too small for it. */
function overMagnitudes(
  series: readonly SizeSeries[],
  least: number,
): Pick<SizePlot, "series" | "scale"> {
  const shown = series.map(({ name, points }) => ({
    name,
    points: points.filter(({ value, low = value }) => Math.min(value, low) >= least),
  }));
  const values = shown.flatMap(({ points }) => points.map(({ value }) => value));
  const spread = Math.max(...values) / Math.min(...values);
  const all = shown.every(({ points }) => points.length > 0);
  return all && spread > 30 ? { series: shown, scale: "log" } : { series };
}

interface Sized {
  /** Edges taken, before those that reach nothing are dropped. */
  readonly edges: number;
  readonly circuit: Circuit;
}

const whole = (circuit: Circuit): Sized => ({ edges: circuit.edges.length, circuit });

/** The circuit itself, and where there are scores the best edges of all at the sizes of a faithfulness curve. */
function sizesOf(circuit: Circuit): Sized[] {
  const { universe, scores } = circuit;
  if (scores === null) return [whole(circuit)];
  const known = scores.reduce((sum, score) => sum + (Number.isNaN(score) ? 0 : 1), 0);
  const order = ranking(scores);
  const taken = mibShares.map((share) => Math.floor(share * universe.edgeCount))
    // Beyond the edges with a score the order is nobody's.
    .filter((edges) => edges > 0 && edges <= known && edges !== circuit.edges.length);
  const best = [...new Set(taken)].map((edges) => ({
    edges,
    circuit: makeCircuit(
      universe,
      reachableEdges(universe, order.slice(0, edges).sort()),
      scores,
      derivedProvenance(`top ${edges}`, circuit),
    ),
  }));
  return [...best, whole(circuit)].sort((a, b) => a.edges - b.edges);
}
