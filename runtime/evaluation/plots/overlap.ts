/** Overlap of every pair of circuits, as a matrix. @module */
import { overlap } from "../../circuits/overlap.ts";
import { chartToSvg } from "./chart.ts";
import type { CircuitPlot, NamedCircuit } from "./plot.ts";

export const overlapPlot: CircuitPlot = {
  name: "overlap",
  about: "How much each pair of circuits shares, as a matrix.",
  least: 2,
  draw: (circuits) => overlapToSvg(circuits),
};

/**
 * Draws the overlap matrix as SVG text: Jaccard similarity (shared edges over edges of either) and number of shared edges.
 *
 * @throws {RangeError} if there are fewer than two circuits
 * @throws {CircuitError} if they are of different universes
 */
export function overlapToSvg(
  circuits: readonly NamedCircuit[],
  title = "Overlap of circuits",
): Promise<string> {
  if (circuits.length < 2) {
    throw new RangeError(
      `Cannot plot overlaps as there must be at least two circuits: current value is ${circuits.length}`,
    );
  }
  const labels = circuits.map(({ name, circuit }) => `${name} (${circuit.edges.length})`);
  const values = circuits.flatMap((a, i) =>
    circuits.map((b, j) => {
      const { jaccard, shared } = overlap(a.circuit, b.circuit);
      return { row: labels[i], column: labels[j], jaccard, shared };
    })
  );
  const side = Math.max(46, Math.min(64, 480 / circuits.length));
  const x = { field: "column", type: "nominal", sort: labels, title: null };
  const y = { field: "row", type: "nominal", sort: labels, title: null };
  const ink = { condition: { test: "datum.jaccard > 0.45", value: "#ffffff" }, value: "#222222" };
  return chartToSvg({
    title: {
      text: title,
      subtitle: "shared edges over edges of either; number of shared edges below",
    },
    width: { step: side },
    height: { step: side },
    data: { values },
    encoding: {
      x: {
        ...x,
        axis: { labelAngle: -40, orient: "bottom", ticks: false, domain: false, labelLimit: 220 },
      },
      y: { ...y, axis: { ticks: false, domain: false, labelLimit: 220 } },
    },
    layer: [
      {
        mark: { type: "rect", stroke: "#ffffff", strokeWidth: 2 },
        encoding: {
          color: {
            field: "jaccard",
            type: "quantitative",
            scale: { domain: [0, 1], range: ["#f2f5f8", "#0b3c5d"] },
            legend: null,
          },
        },
      },
      {
        mark: { type: "text", dy: -5, fontSize: 13 },
        encoding: { text: { field: "jaccard", format: ".2f" }, color: ink },
      },
      {
        mark: { type: "text", dy: 10, fontSize: 10 },
        encoding: { text: { field: "shared", format: ",d" }, color: ink },
      },
    ],
    // deno-lint-ignore no-explicit-any -- as in sizes.ts
  } as any);
}
