/** `plot WHAT of CIRCUITS to "FILE.svg"`: metrics over sizes, overlaps, layers. @module */
import {
  type Cell,
  type Circuit,
  derivedProvenance,
  makeCircuit,
  ranking,
  reachableEdges,
} from "../../../runtime/circuits/mod.ts";
import {
  isMeasure,
  type Measure,
  measures,
  mibShares,
  offAxis,
  type OverPlot,
  type OverPoint,
  overToSvg,
  type SizePlot,
  type SizePoint,
  type SizeSeries,
  sizesToSvg,
} from "../../../runtime/evaluation/mod.ts";
import { circuitPlots, isPlot } from "../../../runtime/evaluation/plots/mod.ts";
import { isMetricName, metrics, type NamedMetric } from "../../../runtime/metrics/mod.ts";
import { writeWhole } from "../../../base/whole_file.ts";
import type { StatementOf } from "../../check/program.ts";
import type { Symbol } from "../../check/symbols.ts";
import type { Context } from "../context.ts";
import { at, type Place } from "../error.ts";
import { measure, wholeModel } from "../measure/measure.ts";
import { circuitsOf, type NamedCircuit } from "../operands.ts";
import { type Gathered, labelOf, type SweepPoint } from "../sweep_results.ts";
import type { CircuitValue } from "../values.ts";
import { fileAt, trying } from "../written_file.ts";

export async function runPlot(statement: StatementOf<"plot">, context: Context): Promise<void> {
  const { effects, source } = context;
  const { what } = statement;
  const file = fileAt(statement.file, context);
  const circuits = await circuitsOf(statement.circuits, context);
  const place = source.place(statement);
  if (statement.over !== undefined && context.sweep !== undefined) {
    return await plotOver(statement, circuits, context.sweep, context);
  }
  const plot = isPlot(what) ? circuitPlots[what] : undefined;
  const draw = plot
    ? () => plot.draw(circuits.map(({ name, value: { circuit } }) => ({ name, circuit })))
    : await plotOfMetric(statement, circuits, place, context);
  await effects.write(file, context, async (path) => writeWhole(path, await at(place, draw)));
  effects.note(`plotted ${what} to ${file.text}`, context);
}

/** A metric over a sweep: a line for each circuit and each combination of the other swept values, drawn when it ends. */
async function plotOver(
  statement: StatementOf<"plot">,
  circuits: readonly NamedCircuit[],
  { choices, results }: SweepPoint,
  context: Context,
): Promise<void> {
  const { what, occasion, file } = statement;
  const { effects, source } = context;
  const variable = statement.over!.symbol;
  const place = source.place(statement);
  const rows: Cell[][] = [];
  for (const { name, value } of circuits) {
    const found = await measure(value, [what], occasion, place, context, true);
    const [mean, low = null, high = null] = Object.values(found);
    rows.push([name, mean, low, high]);
  }
  const table = { columns: ["circuit", "value", "low", "high"], rows };
  results.add(statement, { choices, table }, async (all, whole) => {
    if (!whole) return;
    const draw = () => overToSvg(overPlot(what, variable, all));
    await trying(place, context, async () => {
      await effects.write(file, context, async (path) => writeWhole(path, await at(place, draw)));
      effects.note(`plotted ${what} over ${variable.name} to ${file.text}`, context);
    });
  });
}

/** The plot of what was measured at the points of a sweep. */
function overPlot(what: string, variable: Symbol, all: readonly Gathered[]): OverPlot {
  const lines = new Map<string, OverPoint[]>();
  let shares = true;
  for (const { choices, table: { rows } } of all) {
    const { value: x, written } = choices.find(({ symbol }) => symbol === variable)!;
    shares &&= x.kind === "number" && x.percent === true;
    const others = labelOf(choices.filter(({ symbol }) => symbol !== variable));
    for (const [circuit, value, low, high] of rows) {
      const name = [circuit, others].filter((part) => part !== "").join(", ");
      const points = lines.get(name) ?? [];
      lines.set(name, points);
      points.push({
        x: x.kind === "number" ? x.number : written,
        value: value === null ? NaN : Number(value),
        ...(low !== null && { low: Number(low) }),
        ...(high !== null && { high: Number(high) }),
      });
    }
  }
  const named: NamedMetric | undefined = isMetricName(what) ? metrics[what] : undefined;
  return {
    series: [...lines].map(([name, points]) => ({ name, points })),
    variable: variable.name,
    shares,
    metric: named?.label ?? what.replaceAll("_", " "),
  };
}

/** A metric over sizes: a curve for a circuit with scores, a point for one without. */
async function plotOfMetric(
  { what: metric, occasion, file }: StatementOf<"plot">,
  circuits: readonly NamedCircuit[],
  place: Place,
  context: Context,
): Promise<() => Promise<string>> {
  const named: NamedMetric | undefined = isMetricName(metric) ? metrics[metric] : undefined;
  const measureOf: Measure | undefined = isMeasure(metric) ? measures[metric] : undefined;
  const hasCurve = measureOf?.overSizes ?? true;
  /** The value, and where it is one of outputs its interval. */
  const measured = async (value: CircuitValue) => {
    const found = await measure(value, [metric], occasion, place, context, true);
    const [mean, low, high] = Object.values(found);
    return { value: mean!, low: low ?? mean!, high: high ?? mean! };
  };
  const series: SizeSeries[] = [];
  for (const { name, value } of circuits) {
    const points: SizePoint[] = [];
    for (const { edges, circuit } of hasCurve ? sizesOf(value.circuit) : [whole(value.circuit)]) {
      points.push({ edges, ...await measured({ ...value, circuit }) });
    }
    series.push({ name, points });
  }
  const [{ value: first }] = circuits;
  const reference = measureOf
    ? measureOf.fullModel
    : named?.relative
    ? undefined
    : (await measured(wholeModel(first))).value;
  const drawn: SizePlot = {
    series,
    ...(named?.negligible && overMagnitudes(series, named.negligible)),
    metric: named?.label ?? metric.replaceAll("_", " "),
    ...(reference !== undefined && { reference: { name: "full model", value: reference } }),
  };
  const remarks = [
    ...await at(place, () => offAxis(drawn)),
    ...(hasCurve ? circuits.flatMap(({ name, value }) => unscored(name, value.circuit)) : []),
  ];
  for (const remark of remarks) context.effects.note(`note: ${file.text}: ${remark}`, context);
  return () => sizesToSvg(drawn);
}

/** Logarithmic axis of values that fall by magnitudes as circuits grow, from the least value that differs from 0. */
function overMagnitudes(
  series: readonly SizeSeries[],
  least: number,
): Pick<SizePlot, "scale" | "least"> {
  const values = series.flatMap(({ points }) => points.map(({ value }) => value))
    .filter((value) => value >= least);
  return Math.max(...values) / Math.min(...values) > 30 ? { scale: "log", least } : {};
}

interface Sized {
  /** Edges taken, before those that reach nothing are dropped. */
  readonly edges: number;
  readonly circuit: Circuit;
}

const whole = (circuit: Circuit): Sized => ({ edges: circuit.edges.length, circuit });

/** Sizes of a faithfulness curve that a circuit has no scores for. */
function unscored(name: string, { universe, scores }: Circuit): string[] {
  if (scores === null) return [];
  const known = scores.reduce((sum, score) => sum + (Number.isNaN(score) ? 0 : 1), 0);
  const without = universe.edgeCount - known;
  return mibShares.every((share) => Math.floor(share * universe.edgeCount) <= known) ? [] : [
    `sizes of ${name} above ${known.toLocaleString("en")} edges are left out: ${
      without.toLocaleString("en")
    } edges have no score`,
  ];
}

/** The circuit itself, and where there are scores the best edges of all at the sizes of a faithfulness curve. */
function sizesOf(circuit: Circuit): Sized[] {
  const { universe, scores } = circuit;
  if (scores === null) return [whole(circuit)];
  const known = scores.reduce((sum, score) => sum + (Number.isNaN(score) ? 0 : 1), 0);
  const order = ranking(scores);
  const taken = mibShares.map((share) => Math.floor(share * universe.edgeCount))
    // Edges without a score have no order.
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
