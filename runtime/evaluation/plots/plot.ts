/** A plot of circuits alone, which takes no model. @module */
import type { Circuit } from "../../circuits/mod.ts";
import type { Described } from "../../metrics/mod.ts";

/** A circuit with the name that a plot or table shows. */
export interface NamedCircuit {
  /** Name of the circuit. */
  readonly name: string;
  /** The circuit. */
  readonly circuit: Circuit;
}

/** A plot of circuits, which the language knows by name. */
export interface CircuitPlot extends Described {
  /** Circuits that it takes at least. */
  readonly least: 1 | 2;
  /** The plot as an SVG file's text. */
  draw(circuits: readonly NamedCircuit[]): Promise<string>;
}
