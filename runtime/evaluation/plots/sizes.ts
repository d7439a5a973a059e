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
  /** Vertical axis; `log`, where values span magnitudes, needs values above 0 or `least`. Default: `linear`. */
  readonly scale?: "linear" | "log";
  /** Least value that a logarithmic axis tells from 0: values below are drawn at its lower edge. */
  readonly least?: number;
}

/** Distance of the edges of a logarithmic axis from what lies on it: there points are drawn that do not. */
const EDGE = 1.6;
/** Points that a remark names. */
const NAMED = 4;

/** The points of a plot where they are drawn. */
interface Placed {
  /** Places of points; `off` where the axis does not reach: `low` is below the vertical one, `left` before the horizontal one. */
  readonly points: readonly (Required<SizePoint> & {
    readonly name: string;
    readonly off: "low" | "left" | "";
  })[];
  /** Ends of both axes, without points off them. */
  readonly edges: readonly [number, number];
  readonly values: readonly [number, number];
  /** One sentence for each kind of point that is drawn at an edge. */
  readonly remarks: readonly string[];
}

/** @throws {EvaluationError} if there is nothing to draw, or a value is no number */
function placed({ series, metric, reference, scale, least = 0 }: SizePlot): Placed {
  const known = series.flatMap(({ name, points }) => points.map((point) => ({ name, ...point })));
  const wrong = known.find(({ value }) => !Number.isFinite(value));
  if (wrong) {
    throw new EvaluationError(
      `the ${metric} of \`${wrong.name}\` at ${wrong.edges} edges is ${wrong.value}, which has no place in a plot`,
    );
  }
  const sizes = known.map(({ edges }) => edges).filter((edges) => edges > 0);
  if (sizes.length === 0) {
    throw new EvaluationError(`no circuit with edges has a ${metric} to plot`);
  }
  const isLow = (value: number) => scale === "log" && (value < least || value <= 0 && least > 0);
  const levels = reference ? [reference.value] : [];
  const values = [...known.map(({ value }) => value), ...levels].filter((value) => !isLow(value));
  const ends = (numbers: readonly number[]) =>
    [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))] as const;
  const [fewest, most] = ends(sizes);
  const [lowest, highest] = ends(values.length > 0 ? values : [least]);
  const floor = scale === "log" ? lowest / EDGE : -Infinity;
  const points = known.map(({ edges, value, low = value, high = value, name }) => ({
    name,
    edges: edges > 0 ? edges : fewest / EDGE,
    value: Math.max(value, floor),
    low: Math.max(low, floor),
    high: Math.max(high, floor),
    off: isLow(value) ? "low" as const : edges > 0 ? "" as const : "left" as const,
  }));
  const listed = (found: typeof known) =>
    found.slice(0, NAMED).map(({ name, edges }) => `${name} at ${edges.toLocaleString("en")} edges`)
      .join(", ") + (found.length > NAMED ? ` and ${found.length - NAMED} more` : "");
  const low = known.filter(({ value }) => isLow(value));
  const left = known.filter(({ edges }) => edges === 0);
  return {
    points,
    edges: [fewest, most],
    values: [lowest, points.reduce((a, { high }) => Math.max(a, high), highest)],
    remarks: [
      ...(low.length > 0
        ? [
          `at the lower edge, below ${least < 1e-3 ? least.toExponential() : least}: ${
            listed(low)
          }`,
        ]
        : []),
      ...(left.length > 0 ? [`at the left edge, without edges: ${listed(left)}`] : []),
    ],
  };
}

/**
 * The points of a plot that are drawn at an edge, as its axes do not reach them: one phrase for each kind.
 *
 * @internal
 */
export const offAxis = (plot: SizePlot): readonly string[] => placed(plot).remarks;

/**
 * Draws a metric over circuit sizes as SVG text. The horizontal axis is logarithmic. Points that an axis does not reach, such
 * as circuits without edges, are triangles at its edge, and the plot says which they are.
 *
 * @throws {EvaluationError} if there is nothing to draw, or a value is no number
 * @throws {RangeError} if a value is not above 0 on a logarithmic axis without `least`
 */
export function sizesToSvg(plot: SizePlot): Promise<string> {
  const { series, metric, title, subtitle, reference, scale = "linear" } = plot;
  const { points: values, edges, values: [least, most], remarks } = placed(plot);
  const lowest = values.reduce((a, { low }) => Math.min(a, low), reference?.value ?? Infinity);
  if (scale === "log" && !(Math.min(least, lowest) > 0)) {
    throw new RangeError(
      `Cannot plot ${metric} on a logarithmic axis as all values must be above 0: the least is ${
        Math.min(least, lowest)
      }`,
    );
  }
  const names = series.map(({ name }) => name);
  const inTurn = <Value>(list: readonly Value[]) => names.map((_, i) => list[i % list.length]);
  const color = { ...byName(names, inTurn(palette)), legend: { symbolOpacity: 1 } };
  const ticks = roundNumbers(...edges);
  const x = {
    field: "edges",
    type: "quantitative",
    title: "edges",
    scale: { type: "log", nice: false, padding: 12 },
    axis: { format: ",d", values: ticks, labelOverlap: true },
  };
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
  const [headline, ...lines] = [title, subtitle, ...remarks].filter((line) => line !== undefined);
  const small = title === undefined ? { fontSize: 11, fontWeight: "normal" } : {};
  const triangles = (off: "low" | "left", shape: string) => ({
    transform: [{ filter: `datum.off === "${off}"` }],
    mark: { type: "point", filled: false, shape, size: 70, opacity: 1 },
    encoding: value,
  });
  return chartToSvg({
    ...(headline === undefined ? {} : { title: { text: headline, subtitle: lines, ...small } }),
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
      ...(remarks.length > 0
        ? [triangles("low", "triangle-down"), triangles("left", "triangle-left")]
        : []),
      {
        transform: [{ filter: 'datum.off === ""' }],
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
