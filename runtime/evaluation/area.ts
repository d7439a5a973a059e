/** Areas under curves. @module */
import type { CurvePoint } from "./curve.ts";

/** A curve's point, as areas need it. */
export type Sized = Pick<CurvePoint, "share" | "faithfulness">;

/**
 * Area under straight lines through points (x, y).
 *
 * @throws {RangeError} if there are fewer than two points or x does not ascend
 */
export function trapezoid(points: readonly (readonly [number, number])[]): number {
  if (points.length < 2) {
    throw new RangeError(
      `Cannot measure an area as there must be at least two points: there are ${points.length}`,
    );
  }
  let area = 0;
  for (let i = 1; i < points.length; i++) {
    const [[x1, y1], [x2, y2]] = [points[i - 1], points[i]];
    if (!(x2 >= x1)) {
      throw new RangeError(`Cannot measure an area as sizes must ascend: ${x2} follows ${x1}`);
    }
    area += (x2 - x1) * (y1 + y2) / 2;
  }
  return area;
}
