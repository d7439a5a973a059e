/** A metric against a value that varies from run to run, such as the sparsity that was asked for. @module */
import { EvaluationError } from "../../metrics/mod.ts";
import { byName, chartToSvg, dashes, palette } from "./chart.ts";

/** A point of a line: the varied value, and the metric with its interval. */
export interface OverPoint {
  /** The varied value: a number, or a text. */
  readonly x: number | string;
  /** Value of the metric. */
  readonly value: number;
  /** Lower end of an interval. */
  readonly low?: number;
  /** Upper end of the interval. */
  readonly high?: number;
}

/** A plot of a metric over a varied value. */
export interface OverPlot {
  /** Lines by name. */
  readonly series: readonly { readonly name: string; readonly points: readonly OverPoint[] }[];
  /** Label of the horizontal axis: the name of the varied value. */
  readonly variable: string;
  /** True for values that are shares, which are written in percent. */
  readonly shares?: boolean;
  /** Label of the vertical axis. */
  readonly metric: string;
}

/**
 * Draws a metric over a varied value as SVG text, with intervals as bars. Texts stand in their order of appearance.
 *
 * @throws {EvaluationError} if there is nothing to draw, or a value is no number
 */
export function overToSvg({ series, variable, shares, metric }: OverPlot): Promise<string> {
  const values = series.flatMap(({ name, points }) =>
    points.map((point) => ({
      name,
      ...point,
      low: point.low ?? point.value,
      high: point.high ?? point.value,
    }))
  );
  if (values.length === 0) throw new EvaluationError(`there is no ${metric} to plot`);
  const wrong = values.find(({ value }) => !Number.isFinite(value));
  if (wrong) {
    throw new EvaluationError(
      `the ${metric} of \`${wrong.name}\` at ${variable} ${wrong.x} is ${wrong.value}, which has no place in a plot`,
    );
  }
  const names = series.map(({ name }) => name);
  const inTurn = <Value>(list: readonly Value[]) => names.map((_, i) => list[i % list.length]);
  const isNumber = values.every(({ x }) => typeof x === "number");
  const x = {
    field: "x",
    title: variable,
    ...(isNumber
      ? {
        type: "quantitative",
        scale: { zero: false, padding: 12 },
        axis: { labelOverlap: true, ...(shares && { format: "~%" }) },
      }
      : { type: "ordinal", sort: null }),
  };
  const y = { type: "quantitative", title: metric, scale: { zero: false } };
  const color = { ...byName(names, inTurn(palette)), legend: { symbolOpacity: 1 } };
  const encoding = { x, y: { ...y, field: "value" }, color };
  return chartToSvg({
    width: 420,
    height: 260,
    data: { values },
    layer: [
      {
        mark: { type: "rule", opacity: 0.6 },
        encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
      },
      {
        mark: { type: "line", strokeWidth: 1.8 },
        encoding: { ...encoding, strokeDash: byName(names, inTurn(dashes)) },
      },
      {
        mark: { type: "point", filled: true, size: 42, opacity: 1 },
        encoding: {
          ...encoding,
          shape: { field: "name", type: "nominal", scale: { domain: names }, title: null },
        },
      },
    ],
    // deno-lint-ignore no-explicit-any -- the library's types cannot follow layers that are there on a condition
  } as any);
}
