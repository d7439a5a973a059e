/** SVG, a drawing. @module */
import type { CircuitForm } from "./form.ts";

/** A drawing. */
export const svg: CircuitForm = {
  name: "svg",
  of: "circuit",
  picture: true,
  endings: [".svg"],
  about: "a drawing",
  write: async (circuit) => {
    const { circuitToSvg } = await import("../drawing/svg.ts");
    return { text: await circuitToSvg(circuit), losses: ["a drawing cannot be read back"] };
  },
};
