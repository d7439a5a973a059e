/**
 * SVG, a drawing.
 *
 * @module
 */
import { circuitToSvg } from "../drawing/svg.ts";
import type { CircuitForm } from "./form.ts";

/** A drawing. */
export const svg: CircuitForm = {
  name: "svg",
  of: "circuit",
  picture: true,
  endings: [".svg"],
  about: "a drawing",
  write: async (circuit) => ({
    text: await circuitToSvg(circuit),
    losses: ["a drawing cannot be read back"],
  }),
};
