/** Circuit-model distance. @module */
import { type Sized, trapezoid } from "../area.ts";
import { type Measure, ofCurve } from "./measure.ts";

export const cmdMeasure: Measure = {
  name: "cmd",
  about:
    "Area between faithfulness and 1 over circuit sizes, as the MIB benchmark defines it (circuit-model distance). Lower is better.",
  source: "Mueller et al. 2025, arXiv:2504.13151",
  range: "from 0",
  ...ofCurve,
  value: async ({ curve }) => cmd(await curve()),
};

/** Circuit-model distance: the area between faithfulness and 1 over the share of edges. */
export function cmd(points: readonly Sized[]): number {
  return trapezoid(points.map(({ share, faithfulness }) => [share, Math.abs(1 - faithfulness)]));
}
