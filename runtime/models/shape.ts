/**
 * What the edge universe needs to know of a model.
 *
 * @module
 */
import type { Shape } from "../universe/universe.ts";
import type { Architecture } from "./architecture.ts";

/** The facts of an architecture that its edge universe depends on. */
export function shapeOf(architecture: Architecture): Shape {
  const { layers, heads, keyValueHeads, residual, learnedPositions } = architecture;
  return { layers, heads, keyValueHeads, residual, learnedPositions };
}
