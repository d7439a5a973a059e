/**
 * Faithfulness over circuit sizes, and the areas that sum it up.
 *
 * CPR and CMD are those of the MIB benchmark (Mueller et al. 2025, section 3). Its protocol, which these follow:
 * - sizes: 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50 and 100 % of the universe's edges, rounded down;
 * - a circuit of n edges is the n best by score, then what reaches nothing is dropped; the size counted is the one
 *   before dropping;
 * - faithfulness f of a size is normalised between the corrupted run (0) and the full model (1);
 * - both areas are trapezoids over the share of edges, linear and not logarithmic, from 0.1 % to 100 %. Nothing is
 *   added for sizes below 0.1 %, so an ideal circuit has a CPR of 0.999 and not 1.
 *
 * CPR is the area under f: higher is better, and above 0.999 where circuits outdo the model. CMD is the area
 * between f and 1, |1 - f|: lower is better, 0 ideal. The benchmark ranks edges by their signed scores for CPR and
 * by their magnitude for CMD; here the order is the circuit's own scores', so give it scores of the kind you want.
 *
 * @module
 */
import {
  type Circuit,
  CircuitError,
  expressionOf,
  ranking,
  requireScores,
} from "../circuits/mod.ts";
import { mibSizes } from "../circuits/forms/mod.ts";
import { reachableEdges } from "../universe/reachability.ts";
import { requireSameUniverse } from "../universe/same.ts";
import type { MaskedModel, PreparedExamples } from "../stream/mod.ts";
import { maskOf } from "../universe/universe.ts";
import { maskValues, meansOf } from "./evaluate.ts";
import { faithfulness } from "./measures/faithfulness.ts";
import type { Ends } from "./measures/measure.ts";
import { nameOfMetric } from "../metrics/mod.ts";

/** The benchmark's sizes, as shares of all edges: those of its submissions, and the full model. */
export const mibShares: readonly number[] = [...mibSizes, 1];

/** One size of a faithfulness curve. */
export interface CurvePoint {
  /** Share of the universe's edges. */
  readonly share: number;
  /** Number of edges taken by score. */
  readonly edges: number;
  /** Number of those edges on a path from the input to the logits: these are open. */
  readonly reachable: number;
  /** The metric, mean over the examples. */
  readonly value: number;
  /** Faithfulness of the metric. */
  readonly faithfulness: number;
}

/** The first size for which scores [edges] do not say which edges are taken. All edges need no order. */
function unrankedSize(scores: Float32Array, shares: readonly number[]): number | undefined {
  const known = scores.reduce((sum, score) => Number.isNaN(score) ? sum : sum + 1, 0);
  return shares.map((share) => Math.floor(share * scores.length))
    .find((size) => size > known && size < scores.length);
}

/** True if a circuit's scores rank enough edges for a curve of the benchmark's sizes. */
export function hasCurve({ scores }: Circuit): boolean {
  return scores !== null && unrankedSize(scores, mibShares) === undefined;
}

/**
 * The scores that a circuit's curve goes by, [edges].
 *
 * @throws {CircuitError} if it has none, or fewer than a size takes
 */
export function requireCurve(
  circuit: Circuit,
  shares: readonly number[] = mibShares,
): Float32Array {
  const scores = requireScores(circuit);
  const size = unrankedSize(scores, shares);
  if (size === undefined) return scores;
  const count = (edges: number) => edges.toLocaleString("en-US");
  const known = scores.filter((score) => !Number.isNaN(score)).length;
  throw new CircuitError(
    `\`${expressionOf(circuit)}\` has scores of ${count(known)} of ${
      count(scores.length)
    } edges, and its curve takes the best ${count(size)}`,
    "circuits whose method scores all edges have curves",
  );
}

/**
 * Faithfulness of a circuit's best edges, by score over the whole universe, at every size (Mueller et al. 2025).
 *
 * @param shares sizes, as shares of the universe's edges
 * @throws {CircuitError} if the circuit has no scores, or fewer than a size takes, or is of another universe
 */
export async function faithfulnessCurve(
  masked: MaskedModel,
  circuit: Circuit,
  prepared: PreparedExamples,
  ends: Ends,
  shares: readonly number[] = mibShares,
): Promise<CurvePoint[]> {
  const { universe } = masked;
  requireSameUniverse(circuit.universe, universe, "the circuit and the model");
  const order = ranking(requireCurve(circuit, shares));
  const points: CurvePoint[] = [];
  for (const share of shares) {
    const edges = Math.floor(share * universe.edgeCount);
    const kept = reachableEdges(universe, order.slice(0, edges).sort());
    const values = await maskValues(masked, maskOf(universe, kept), prepared, [ends.metric]);
    const value = meansOf(values)[nameOfMetric(ends.metric)];
    points.push({
      share,
      edges,
      reachable: kept.length,
      value,
      faithfulness: faithfulness(value, ends),
    });
  }
  return points;
}
