/**
 * A measure of a whole circuit: a number from a task's metric under the circuit's edges, and under others.
 *
 * @module
 */
import type { Circuit } from "../../circuits/circuit.ts";
import type { Described } from "../../metrics/described.ts";
import type { MetricChoice } from "../../metrics/metric.ts";
import type { CurvePoint } from "../curve.ts";
import type { Interval } from "../intervals.ts";

/** A metric of the full model and of the corrupted run: the two ends that faithfulness is measured between. */
export interface Ends {
  readonly metric: MetricChoice;
  readonly full: number;
  readonly corrupted: number;
  /** The same of every example. */
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
  /** Whether it reads the curve, and so needs a circuit with scores. */
  readonly needsScores: boolean;
  /** Whether its value is an interval over the examples. */
  readonly hasInterval: boolean;
  /** Whether plots draw it over circuit sizes; else it is one point for each circuit. */
  readonly overSizes: boolean;
  /** The full model's value, for plots to draw a line at. */
  readonly fullModel?: number;
  /** Passes over the examples that it takes, the ends and the curve not counted. */
  passes(edges: number): number;
  /** Whether it takes exactly so many. */
  readonly bound: "exactly" | "at most";
  value(measured: MeasuredCircuit): Promise<number | Interval>;
}

/** Facts that measures of the curve have in common. */
export const ofCurve = {
  needsScores: true,
  hasInterval: false,
  overSizes: false,
  passes: () => 0,
  bound: "exactly",
} as const satisfies Partial<Measure>;
