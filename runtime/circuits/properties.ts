/** Numbers that a circuit has without a model, by name. @module */
import type { Circuit } from "./circuit.ts";

/** A number of a circuit, with its meaning for authors of scripts. */
export interface CircuitProperty {
  readonly about: string;
  value(circuit: Pick<Circuit, "edges" | "universe">): number;
}

/** Properties of circuits, by name. */
export const circuitProperties = {
  edges: {
    about: "How many edges a circuit has.",
    value: ({ edges }) => edges.length,
  },
  sparsity: {
    about: "The share of the model's edges that a circuit lacks.",
    value: ({ edges, universe }) => 1 - edges.length / universe.edgeCount,
  },
} as const satisfies Readonly<Record<string, CircuitProperty>>;

/** True for the name of a circuit's property. */
export const isProperty = (name: string): name is keyof typeof circuitProperties =>
  Object.hasOwn(circuitProperties, name);
