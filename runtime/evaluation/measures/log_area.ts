/** Mean faithfulness over the logarithm of size. @module */
import { type Sized, trapezoid } from "../area.ts";
import { type Measure, ofCurve } from "./measure.ts";

export const logAreaMeasure: Measure = {
  name: "log_area",
  about:
    "Mean faithfulness over the logarithm of circuit size, so that small circuits count as much as large ones. 1 is ideal.",
  source: "no paper",
  ...ofCurve,
  value: async ({ curve }) => logArea(await curve()),
};

/**
 * Mean faithfulness over the logarithm of size: the area under faithfulness over log(share), divided by the width of that
 * axis. Small circuits, a sliver of CPR, count here as much as large ones; 1 is ideal.
 */
export function logArea(points: readonly Sized[]): number {
  const width = Math.log(points.at(-1)!.share / points[0].share);
  return trapezoid(points.map(({ share, faithfulness }) => [Math.log(share), faithfulness])) /
    width;
}
