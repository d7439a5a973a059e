/** The shape of a model, which its edge universe depends on. @module */
import type { Shape } from "../universe/universe.ts";
import type { Architecture } from "./architecture.ts";

/**
 * The facts of an architecture that its edge universe depends on.
 *
 * @example
 * ```ts
 * const architecture = await readArchitecture("examples/models/sorting-gpt");
 * universeOf(shapeOf(architecture), defaultConvention).edgeCount; // 172
 * ```
 */
export function shapeOf(architecture: Architecture): Shape {
  const { layers, heads, keyValueHeads, residual, learnedPositions } = architecture;
  return { layers, heads, keyValueHeads, residual, learnedPositions };
}
