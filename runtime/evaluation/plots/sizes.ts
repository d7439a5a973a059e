/** A metric against the number of edges, one line for each method, with a band where there is one. @module */
import { EvaluationError } from "../../metrics/mod.ts";
import { byName, chartToSvg, dashes, palette } from "./chart.ts";

/** One circuit of a line, or several of one size that differ in their seed. */
export interface SizePoint {
  /** Number of edges. */
  readonly edges: number;
  /** Value of the metric. */
  readonly value: number;
  /** Lower end of a confidence interval, or of the spread of seeds. */
  readonly low?: number;
  /** Upper end of the interval. */
  readonly high?: number;
}

/** A line of the plot. */
export interface SizeSeries {
  /** Name in the legend. */
  readonly name: string;
  /** Points of the line. */
  readonly points: readonly SizePoint[];
}

/** A plot of a metric over circuit sizes. */
export interface SizePlot {
  /** Lines, one for each method. */
  readonly series: readonly SizeSeries[];
  /** Label of the vertical axis, such as `KL to the full model (nats)`. */
  readonly metric: string;
  /** The headline. */
  readonly title?: string;
  /** A line below the headline. */
  readonly subtitle?: string;
  /** A level to compare with, such as the full model's value. */
  readonly reference?: { readonly name: string; readonly value: number };
  /** Vertical axis; `log`, where values span magnitudes, needs values above 0. Default: `linear`. */
  readonly scale?: "linear" | "log";
}

/**
 * Draws a metric over circuit sizes as SVG text. The horizontal axis is logarithmic; circuits without edges are left out.
 *
 * @throws {EvaluationError} if there is nothing to draw
 * @throws {RangeError} if a value is not above 0 on a logarithmic axis
 */
export function sizesToSvg(plot: SizePlot): Promise<string> {
  const { series, metric, title, subtitle, reference, scale = "linear" } = plot;
  const values = series.flatMap(({ name, points }) =>
    points.filter(({ edges, value }) => edges > 0 && Number.isFinite(value)).map((point) => ({
      name,
      ...point,
      low: point.low ?? point.value,
      high: point.high ?? point.value,
    }))
  );
  if (values.length === 0) {
    throw new EvaluationError(`no circuit with edges has a ${metric} to plot`);
  }
  const least = values.reduce((a, { low }) => Math.min(a, low), reference?.value ?? Infinity);
  if (scale === "log" && !(least > 0)) {
    throw new RangeError(
      `Cannot plot ${metric} on a logarithmic axis as all values must be above 0: the least is ${least}`,
    );
  }
  const names = series.map(({ name }) => name);
  const inTurn = <Value>(list: readonly Value[]) => names.map((_, i) => list[i % list.length]);
  const color = { ...byName(names, inTurn(palette)), legend: { symbolOpacity: 1 } };
  const ticks = roundNumbers(
    values.reduce((a, { edges }) => Math.min(a, edges), Infinity),
    values.reduce((a, { edges }) => Math.max(a, edges), 0),
  );
  const x = {
    field: "edges",
    type: "quantitative",
    title: "edges",
    scale: { type: "log", nice: false, padding: 12 },
    axis: { format: ",d", values: ticks, labelOverlap: true },
  };
  const most = values.reduce((a, { high }) => Math.max(a, high), reference?.value ?? -Infinity);
  const y = {
    type: "quantitative",
    title: metric,
    ...(scale === "log"
      ? {
        scale: { type: scale, nice: false, padding: 8 },
        axis: { format: "~g", values: roundNumbers(least, most), labelOverlap: true },
      }
      : { scale: { type: scale, zero: false } }),
  };
  const value = { x, y: { ...y, field: "value" }, color };
  const band = { x, y: { ...y, field: "low" }, y2: { field: "high" }, color };
  const hasBand = values.some(({ low, high }) => low < high);
  return chartToSvg({
    ...(title ? { title: { text: title, ...(subtitle ? { subtitle } : {}) } } : {}),
    width: 420,
    height: 260,
    data: { values },
    layer: [
      ...(hasBand
        ? [
          { mark: { type: "area", opacity: 0.18, interpolate: "linear" }, encoding: band },
          // A line of one size has no area: its interval is a bar.
          { mark: { type: "rule", opacity: 0.6 }, encoding: band },
        ]
        : []),
      {
        mark: { type: "line", strokeWidth: 1.8 },
        encoding: { ...value, strokeDash: byName(names, inTurn(dashes)) },
      },
      {
        mark: { type: "point", filled: true, size: 42, opacity: 1 },
        encoding: {
          ...value,
          shape: { field: "name", type: "nominal", scale: { domain: names }, title: null },
        },
      },
      ...(reference
        ? [{
          data: { values: [{ level: reference.value }] },
          mark: { type: "rule", strokeDash: [3, 3], color: "#555555" },
          encoding: { y: { ...y, field: "level" } },
        }, {
          data: { values: [{ level: reference.value, label: reference.name }] },
          mark: {
            type: "text",
            align: "right",
            baseline: "bottom",
            dy: -3,
            color: "#555555",
            fontSize: 11,
          },
          encoding: {
            x: { value: 416 },
            y: { ...y, field: "level" },
            text: { field: "label" },
          },
        }]
        : []),
    ],
    // deno-lint-ignore no-explicit-any -- the library's types cannot follow layers that are there on a condition
  } as any);
}

/** 1, 2 and 5 times powers of ten within a range; only the powers themselves where it spans more than three. */
function roundNumbers(low: number, high: number): number[] {
  const from = Math.floor(Math.log10(low));
  const to = Math.ceil(Math.log10(high));
  const steps = to - from > 4 ? [1] : [1, 2, 5];
  const numbers: number[] = [];
  for (let power = from; power <= to; power++) {
    for (const step of steps) {
      const number = Number(`${step}e${power}`);
      if (number >= low * 0.999 && number <= high * 1.001) numbers.push(number);
    }
  }
  return numbers.length > 0 ? numbers : [low];
}
