/** A measure of a whole circuit: a number from a task's metric under the circuit's edges, and under others. @module */
import type { Circuit } from "../../circuits/mod.ts";
import type { Described, MetricChoice } from "../../metrics/mod.ts";
import type { CurvePoint } from "../curve.ts";
import type { Estimate } from "../intervals.ts";

/** A metric of the full model and of the corrupted run: faithfulness is 1 at the first and 0 at the second. */
export interface Ends {
  /** The metric. */
  readonly metric: MetricChoice;
  /** Mean over the examples, of the full model. */
  readonly full: number;
  /** Mean over the examples, of the corrupted run. */
  readonly corrupted: number;
  /** Values of every example, [examples]. */
  readonly each: { readonly full: Float64Array; readonly corrupted: Float64Array };
}

/** A circuit on a model and its examples, as measures see it. */
export interface MeasuredCircuit {
  readonly circuit: Circuit;
  readonly ends: Ends;
  /** The metric of every example when only these edges are open. One pass. */
  values(edges: Iterable<number>): Promise<Float64Array>;
  /** The metric's means over the examples when the circuit lacks one edge: each of these in turn. A pass for each. */
  without(edges: readonly number[]): Promise<readonly number[]>;
  /** The circuit's curve over the benchmark's sizes, measured once for all that ask for it. */
  curve(): Promise<readonly CurvePoint[]>;
}

/** A measure of whole circuits, which the language knows by name. */
export interface Measure extends Described {
  /** True if it reads the curve, and so needs a circuit with scores. */
  readonly needsScores: boolean;
  /** True if its value has an interval over the examples. */
  readonly hasInterval: boolean;
  /** True if plots draw it over circuit sizes; else it is one point for each circuit. */
  readonly overSizes: boolean;
  /** The full model's value, for plots to draw a line at. */
  readonly fullModel?: number;
  /** Passes over the examples that it takes, the ends and the curve not counted. */
  passes(edges: number): number;
  value(measured: MeasuredCircuit): Promise<number | Estimate>;
}

/** Facts that measures of the curve have in common. */
export const ofCurve = {
  needsScores: true,
  hasInterval: false,
  overSizes: false,
  passes: () => 0,
} as const satisfies Partial<Measure>;
