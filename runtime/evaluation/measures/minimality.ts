/** Minimality. @module */
import { faithfulness, faithfulnessOf } from "./faithfulness.ts";
import type { Measure, MeasuredCircuit } from "./measure.ts";

export const minimalityMeasure: Measure = {
  name: "minimality",
  about:
    "The least change of faithfulness, up or down, that cutting one edge of the circuit makes: 0 when something could go.",
  source: "after Wang et al. 2022, arXiv:2211.00593, who ask it of heads",
  needsScores: false,
  hasInterval: false,
  overSizes: false,
  passes: (edges) => edges + 1,
  value: async (measured) => (await minimality(measured)).minimality,
};

/**
 * Faithfulness that the least important edge of the circuit is worth: the least |f(C) - f(C without e)| over its
 * edges (after Wang et al. 2022, who ask it of heads). 0 when an edge could go; one evaluation for every edge, also for those on
 * no path, which count under the zero and mean ablations.
 *
 * @returns the least, and each edge's own
 */
export async function minimality(
  measured: MeasuredCircuit,
): Promise<{ readonly minimality: number; readonly perEdge: ReadonlyMap<number, number> }> {
  const { circuit, ends } = measured;
  const edges = [...circuit.edges];
  const whole = await faithfulnessOf(measured, edges);
  const values = await measured.without(edges);
  const perEdge = new Map(
    edges.map((edge, i) => [edge, Math.abs(whole - faithfulness(values[i], ends))]),
  );
  const least = [...perEdge.values()].reduce((a, b) => Math.min(a, b), Infinity);
  return { minimality: perEdge.size === 0 ? 0 : least, perEdge };
}
