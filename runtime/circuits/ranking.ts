/** Edges by score: the best n of a circuit, a share of it, and everything above a threshold. @module */
import { shownNumber, shownShare } from "../../base/number_text.ts";
import type { Circuit } from "./circuit.ts";
import { CircuitError } from "../universe/errors.ts";
import { firstInOrder } from "./order.ts";
import { reachableEdges } from "../universe/reachability.ts";
import { derivedProvenance, expressionOf, operandOf } from "./provenance.ts";

/**
 * The `count` best edges of a circuit by score: `top 100 of ep`. Of equal scores the lower edge number comes first; edges
 * without a score come last. A circuit of fewer edges stays whole.
 *
 * @throws {CircuitError} if the circuit has no scores, or `count` is not a whole number from 0
 */
export function top(circuit: Circuit, count: number): Circuit {
  if (!Number.isInteger(count) || count < 0) {
    throw new CircuitError(`a number of edges must be a whole number from 0: this is ${count}`);
  }
  return ranked(circuit, count, `top ${count} of ${operandOf(circuit)}`);
}

/**
 * The circuit of another size by the same scores: the `count` best of all scored edges of the universe, less those of them
 * that reach nothing. Methods that score every edge give a nested family of circuits in this way; Edge Pruning's scores
 * are the order in which edges died as its circuit grew sparse.
 *
 * @throws {CircuitError} if the circuit has no scores, or scores for fewer than `count` edges
 */
export function ofSize(circuit: Circuit, count: number): Circuit {
  const { universe } = circuit;
  const scores = requireScores(circuit);
  const scored = Uint32Array.from({ length: universe.edgeCount }, (_, edge) => edge)
    .filter((edge) => !Number.isNaN(scores[edge]));
  if (!Number.isInteger(count) || count < 0 || count > scored.length) {
    throw new CircuitError(
      `\`${
        expressionOf(circuit)
      }\` has scores of ${scored.length} edges, and no circuit of ${count} edges`,
    );
  }
  return {
    ...circuit,
    edges: reachableEdges(universe, bestEdges(scored, scores, count)),
    provenance: derivedProvenance(`${operandOf(circuit)} of ${count} edges`, circuit),
  };
}

/** The best share (0..1) of a circuit's own edges, rounded to whole edges: `top 2% of ep`. */
export function topShare(circuit: Circuit, share: number): Circuit {
  if (!(share >= 0 && share <= 1)) {
    throw new CircuitError(
      `a share of the edges must lie between 0% and 100%: this is ${shownShare(share)}`,
    );
  }
  const count = Math.round(share * circuit.edges.length);
  return ranked(circuit, count, `top ${shownShare(share)} of ${operandOf(circuit)}`);
}

function ranked(circuit: Circuit, count: number, expression: string): Circuit {
  const scores = requireScores(circuit);
  return {
    ...circuit,
    edges: bestEdges(circuit.edges, scores, count),
    provenance: derivedProvenance(expression, circuit),
  };
}

/**
 * The edges whose score is at least `least`: `ep where weight >= 0.5`.
 *
 * @throws {CircuitError} if the circuit has no scores
 */
export function threshold(circuit: Circuit, least: number): Circuit {
  const scores = requireScores(circuit);
  const cut = Math.fround(least); // an edge shown as 0.83 has at least 0.83
  return {
    ...circuit,
    edges: circuit.edges.filter((edge) => scores[edge] >= cut),
    provenance: derivedProvenance(`${operandOf(circuit)} where weight >= ${least}`, circuit),
  };
}

/**
 * The edges with the highest scores, [count], ascending by edge number. Ties go to the lower edge number,
 * and edges whose score is NaN come last.
 */
export function bestEdges(edges: Uint32Array, scores: Float32Array, count: number): Uint32Array {
  if (count >= edges.length) return edges;
  if (count <= 0) return new Uint32Array(0);
  const values = new Float32Array(edges.length);
  for (let i = 0; i < edges.length; i++) values[i] = scores[edges[i]];
  // A few of many are cheaper kept in a heap than sorted out.
  if (count < edges.length / 16) {
    const best = firstInOrder(edges.length, [{ values, direction: "desc" }], count);
    return best.map((place) => edges[place]).sort();
  }
  // Sorting the bare numbers is native; edges with scores above the cut-off score stay.
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) values[i] = -Infinity;
  values.sort();
  const cut = values[values.length - count];
  const kept = new Uint32Array(count);
  let places = count;
  for (let i = values.length - 1; i >= 0 && values[i] > cut; i--) places--;
  // Edges at the cut fill the places that are left, scored ones first, in edge order.
  let known = 0;
  for (const edge of edges) if (scores[edge] === cut) known++;
  let knownPlaces = Math.min(places, known);
  let unknownPlaces = places - knownPlaces;
  let n = 0;
  for (const edge of edges) {
    const score = scores[edge];
    if (score > cut) kept[n++] = edge;
    else if (score === cut && knownPlaces > 0) [kept[n++], knownPlaces] = [edge, knownPlaces - 1];
    else if (Number.isNaN(score) && unknownPlaces > 0) {
      [kept[n++], unknownPlaces] = [edge, unknownPlaces - 1];
    }
  }
  return kept;
}

/** Edge numbers by score [edges], best first; equal scores in edge order, NaN last. */
export function ranking(scores: ArrayLike<number>): Uint32Array {
  const value = (e: number) => Number.isNaN(scores[e]) ? -Infinity : scores[e];
  return Uint32Array.from({ length: scores.length }, (_, e) => e).sort((a, b) =>
    value(b) - value(a) || a - b
  );
}

/**
 * The circuit's scores, [edges].
 *
 * @throws {CircuitError} if it has none
 */
export function requireScores(circuit: Circuit): Float32Array {
  if (circuit.scores) return circuit.scores;
  throw new CircuitError(
    `\`${expressionOf(circuit)}\` has no scores`,
    "circuits found by a method have scores; sets read from an edge list have not",
  );
}

/** A score that edges on both sides of a cut have; NaN where they have none. */
export interface Tie {
  readonly score: number;
  /** Number of edges with the score that are kept, and that are left out. */
  readonly kept: number;
  readonly leftOut: number;
}

/**
 * The tie at a cut, if there is one.
 *
 * @param scores [edges]
 * @param all the edges that were chosen from, those kept among them
 */
export function tieOf(
  scores: ArrayLike<number>,
  kept: Uint32Array,
  all: Uint32Array,
): Tie | undefined {
  const value = (edge: number) => Number.isNaN(scores[edge]) ? -Infinity : scores[edge];
  const least = kept.reduce((least, edge) => Math.min(least, value(edge)), Infinity);
  const count = (of: Uint32Array) => of.reduce((sum, e) => value(e) === least ? sum + 1 : sum, 0);
  const inside = count(kept);
  const leftOut = count(all) - inside;
  const score = least === -Infinity ? NaN : least;
  return leftOut > 0 && inside > 0 ? { score, kept: inside, leftOut } : undefined;
}

/**
 * A sentence about edges of one score on both sides of a cut.
 *
 * @param scores [edges], of all that were chosen from
 */
export function tieText({ score, kept, leftOut }: Tie, scores: Iterable<number>): string {
  const by = "the order of the model's edges decided between them";
  if (Number.isNaN(score)) {
    return `${kept} of the edges kept and ${leftOut} of those left out have no score: ${by}`;
  }
  const known = Array.from(scores).filter((each) => !Number.isNaN(each));
  return known.every((each) => each === score)
    ? `all ${known.length} scores are ${shownNumber(score)}: ${by}`
    : `${kept} of the edges kept and ${leftOut} of those left out have the same score, ${
      shownNumber(score)
    }: ${by}`;
}
