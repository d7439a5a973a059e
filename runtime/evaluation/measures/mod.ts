/**
 * The measures of whole circuits, by name. Adding one is adding a file and an entry here: `docs/adding.md` shows it.
 *
 * They are light: a measure computes with what a {@link MeasuredCircuit} gives and knows no engine.
 *
 * @module
 */
import type { MetricChoice } from "../../metrics/mod.ts";
import { cmdMeasure } from "./cmd.ts";
import { completenessMeasure } from "./completeness.ts";
import { cprMeasure } from "./cpr.ts";
import { faithfulnessMeasure } from "./faithfulness.ts";
import { logAreaMeasure } from "./log_area.ts";
import type { Measure } from "./measure.ts";
import { minimalityMeasure } from "./minimality.ts";

/** The measures, by name. */
export const measures = {
  faithfulness: faithfulnessMeasure,
  completeness: completenessMeasure,
  minimality: minimalityMeasure,
  cpr: cprMeasure,
  cmd: cmdMeasure,
  log_area: logAreaMeasure,
} as const satisfies Readonly<Record<string, Measure>>;

/** Name of a measure of whole circuits. */
export type MeasureName = keyof typeof measures;

/** Measures of whole circuits; `metricNames` are those of outputs. */
export const measureNames = Object.keys(measures) as readonly MeasureName[];

/** True for the name of a measure of whole circuits. */
export const isMeasure = (choice: MetricChoice): choice is MeasureName =>
  typeof choice === "string" && Object.hasOwn(measures, choice);
