/** Circuit performance ratio. @module */
import { type Sized, trapezoid } from "../area.ts";
import { type Measure, ofCurve } from "./measure.ts";

export const cprMeasure: Measure = {
  name: "cpr",
  about:
    "Area under faithfulness over circuit sizes, as the MIB benchmark defines it (circuit performance ratio). Higher is better.",
  source: "Mueller et al. 2025, arXiv:2504.13151",
  ...ofCurve,
  value: async ({ curve }) => cpr(await curve()),
};

/** Circuit performance ratio: the area under faithfulness over the share of edges. */
export function cpr(points: readonly Sized[]): number {
  return trapezoid(points.map(({ share, faithfulness }) => [share, faithfulness]));
}
