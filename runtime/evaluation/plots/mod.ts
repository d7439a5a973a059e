/** The plots of circuits alone, by name; all other plots are of a metric over sizes. @module */
import { layersPlot } from "./layers.ts";
import { overlapPlot } from "./overlap.ts";
import type { CircuitPlot } from "./plot.ts";

export const circuitPlots = {
  overlap: overlapPlot,
  layers: layersPlot,
} as const satisfies Readonly<Record<string, CircuitPlot>>;

/** True for the name of a plot of circuits alone. */
export const isPlot = (name: string): name is keyof typeof circuitPlots =>
  Object.hasOwn(circuitPlots, name);
