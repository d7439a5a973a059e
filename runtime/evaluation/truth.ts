/** Agreement of a circuit, or of the scores that it was chosen by, with a known circuit. @module */
import { type Circuit, ranking } from "../circuits/mod.ts";
import { requireSameUniverse } from "../universe/same.ts";
import { EvaluationError } from "../metrics/mod.ts";
import { trapezoid } from "./area.ts";

/**
 * A point of a receiver operating characteristic.
 *
 * @internal
 */
export interface RocPoint {
  /** Share of the other edges that are taken. */
  readonly falsePositives: number;
  /** Share of the known circuit's edges that are taken. */
  readonly truePositives: number;
  /** Edges taken. */
  readonly edges: number;
}

/** Agreement of a circuit with the known one. */
export interface Agreement {
  /** Share of the circuit's edges that are known. */
  readonly precision: number;
  /** Share of the known edges that the circuit has. */
  readonly recall: number;
  /** Harmonic mean of precision and recall. */
  readonly f1: number;
  /** True if the edges are exactly the known ones. */
  readonly same: boolean;
  /** Area under the ROC curve, in [0, 1]; 0.5 is chance. */
  readonly area: number;
  /** The ROC curve, from (0, 0) to (1, 1). */
  readonly roc: readonly RocPoint[];
}

/**
 * Compares a circuit with the known one. With scores, the ROC curve has a point for every score, and edges without a score
 * come last; without scores, the circuit's edges come before all others.
 *
 * @throws {EvaluationError} if the known circuit has no edges, or all
 * @throws {CircuitError} if the universes differ
 */
export function compareWithTruth(circuit: Circuit, truth: Circuit): Agreement {
  requireSameUniverse(circuit.universe, truth.universe, "the circuit and the known one");
  const { edgeCount } = truth.universe;
  const known = new Uint8Array(edgeCount);
  for (const edge of truth.edges) known[edge] = 1;
  const kept = new Float32Array(edgeCount);
  for (const edge of circuit.edges) kept[edge] = 1;
  const roc = rocCurve(circuit.scores ?? kept, known);
  const hits = circuit.edges.reduce((sum, edge) => sum + known[edge], 0);
  const precision = circuit.edges.length === 0 ? 0 : hits / circuit.edges.length;
  const recall = hits / truth.edges.length;
  return {
    precision,
    recall,
    f1: hits === 0 ? 0 : 2 * precision * recall / (precision + recall),
    same: hits === circuit.edges.length && hits === truth.edges.length,
    area: areaUnder(roc),
    roc,
  };
}

/**
 * Points from (0, 0) to (1, 1), one per distinct score, the highest first; NaN counts as the lowest.
 *
 * @param known [edges]: 1 for edges of the known circuit, else 0
 */
export function rocCurve(scores: ArrayLike<number>, known: Uint8Array): RocPoint[] {
  const positives = known.reduce((sum, one) => sum + one, 0);
  const negatives = known.length - positives;
  if (positives === 0 || negatives === 0) {
    throw new EvaluationError(
      `a curve against the known circuit takes edges inside and outside of it: it has ${positives} of ${known.length}`,
    );
  }
  const value = (edge: number) => Number.isNaN(scores[edge]) ? -Infinity : scores[edge];
  const order = ranking(scores);
  const points: RocPoint[] = [{ falsePositives: 0, truePositives: 0, edges: 0 }];
  let [hits, misses] = [0, 0];
  order.forEach((edge, i) => {
    if (known[edge]) hits++;
    else misses++;
    const next = order[i + 1];
    if (next !== undefined && value(next) === value(edge)) return;
    points.push({
      falsePositives: misses / negatives,
      truePositives: hits / positives,
      edges: i + 1,
    });
  });
  return points;
}

/** Area under a ROC curve: the chance that a known edge outranks another one, ties counted half. */
export function areaUnder(roc: readonly RocPoint[]): number {
  return trapezoid(roc.map(({ falsePositives, truePositives }) => [falsePositives, truePositives]));
}
