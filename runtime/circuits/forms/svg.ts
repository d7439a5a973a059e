/** SVG, a drawing. @module */
import { load } from "../../../base/load.ts";
import type { CircuitForm } from "./form.ts";

/** A drawing. */
export const svg: CircuitForm = {
  name: "svg",
  of: "circuit",
  picture: true,
  endings: [".svg"],
  about: "a drawing",
  write: async (circuit) => {
    const { circuitToSvg } = await load<typeof import("../drawing/svg.ts")>(
      import.meta.resolve("../drawing/svg.ts"),
    );
    return { text: await circuitToSvg(circuit), losses: ["a drawing cannot be read back"] };
  },
};
