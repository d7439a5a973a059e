/** The training of masks: the loss over the steps, and below it the sparsity asked for and reached. @module */
import { byName, chartToSvg, palette } from "./chart.ts";

export interface TrainingPlot {
  /** Steps of a training; sparsities are in [0, 1]. */
  readonly points: readonly Readonly<
    Record<"step" | "loss" | "targetSparsity" | "expectedSparsity", number>
  >[];
  /** The axis of the loss: `KL from the full model (nats)`. */
  readonly loss: string;
}

/** Points drawn at most: more than a page can show. */
const MOST = 600;

/**
 * Draws a training.
 *
 * @throws {RangeError} if there are fewer than two steps
 */
export function trainingToSvg({ points, loss }: TrainingPlot): Promise<string> {
  if (points.length < 2) {
    throw new RangeError(
      `Cannot draw a training as it must have at least two steps: it has ${points.length}`,
    );
  }
  const stride = Math.ceil(points.length / MOST);
  const drawn = points.filter((_, i) => i % stride === 0 || i === points.length - 1);
  const x = {
    field: "step",
    type: "quantitative",
    title: "step",
    scale: { nice: false },
    axis: { format: ",d" },
  } as const;
  const names = ["asked for", "of the masks"];
  return chartToSvg({
    resolve: { scale: { color: "independent", strokeDash: "independent" } },
    vconcat: [
      {
        width: 420,
        height: 150,
        data: { values: drawn },
        mark: { type: "line", strokeWidth: 1.2, color: palette[1] },
        encoding: {
          x: { ...x, title: null },
          y: { field: "loss", type: "quantitative", title: loss },
        },
      },
      {
        width: 420,
        height: 90,
        data: {
          values: drawn.flatMap(({ step, targetSparsity, expectedSparsity }) => [
            { step, name: names[0], sparsity: targetSparsity },
            { step, name: names[1], sparsity: expectedSparsity },
          ]),
        },
        mark: { type: "line", strokeWidth: 1.2 },
        encoding: {
          x,
          y: {
            field: "sparsity",
            type: "quantitative",
            title: "sparsity",
            axis: { format: ".0%" },
            scale: { zero: false },
          },
          color: byName(names, [palette[7], palette[0]]),
          strokeDash: byName(names, [[4, 3], [1, 0]]),
        },
      },
    ],
    // deno-lint-ignore no-explicit-any -- the library's types cannot follow shared channels
  } as any);
}
