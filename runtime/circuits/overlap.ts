/** Overlap of two circuits, and the probability that chance gives as much: a hypergeometric tail (no paper). @module */
import type { Circuit } from "./circuit.ts";
import { requireSameUniverse } from "../universe/same.ts";
import { expressionOf } from "./provenance.ts";

/** The edges that two circuits of one universe share, and the number that chance would give. */
export interface Overlap {
  /** Number of edges of both circuits. */
  readonly shared: number;
  /** Number of edges of the first circuit alone. */
  readonly onlyFirst: number;
  /** Number of edges of the second circuit alone. */
  readonly onlySecond: number;
  /** shared / (edges of either); 1 for two empty circuits. */
  readonly jaccard: number;
  /** Shared edges that two random circuits of these sizes have on average. */
  readonly expected: number;
  /** Natural logarithm of the probability that two random circuits of these sizes share at least as many. */
  readonly logChance: number;
  /** exp(logChance): 0 where it is below what a double holds. */
  readonly chance: number;
}

/**
 * Compares two circuits edge by edge. `chance` is the upper tail of the hypergeometric distribution.
 *
 * @throws {CircuitError} if their universes differ
 */
export function overlap(a: Circuit, b: Circuit): Overlap {
  requireSameUniverse(a.universe, b.universe, `\`${expressionOf(a)}\` and \`${expressionOf(b)}\``);
  let shared = 0;
  for (let i = 0, j = 0; i < a.edges.length && j < b.edges.length;) {
    const step = a.edges[i] - b.edges[j];
    if (step === 0) shared++;
    if (step <= 0) i++;
    if (step >= 0) j++;
  }
  const [first, second, total] = [a.edges.length, b.edges.length, a.universe.edgeCount];
  const either = first + second - shared;
  const logChance = logHypergeometricTail(total, first, second, shared);
  return {
    shared,
    onlyFirst: first - shared,
    onlySecond: second - shared,
    jaccard: either === 0 ? 1 : shared / either,
    expected: total === 0 ? 0 : first * second / total,
    logChance,
    chance: Math.exp(logChance),
  };
}

/**
 * ln P(X >= least), where X counts the marked things among `drawn` things drawn without replacement from
 * `total`, of which `marked` are marked. The smaller tail is summed term by term, each from its neighbour
 * by P(x + 1) / P(x) = (marked - x)(drawn - x) / ((x + 1)(total - marked - drawn + x + 1)), so no
 * probability is ever the difference of two near 1.
 */
export function logHypergeometricTail(
  total: number,
  marked: number,
  drawn: number,
  least: number,
): number {
  const lowest = Math.max(0, marked + drawn - total);
  const highest = Math.min(marked, drawn);
  if (least <= lowest) return 0;
  if (least > highest) return -Infinity;
  const ratio = (x: number) =>
    (marked - x) * (drawn - x) / ((x + 1) * (total - marked - drawn + x + 1));

  const mode = (marked + 1) * (drawn + 1) / (total + 2);
  if (least > mode) {
    // Terms fall from `least` upwards.
    let sum = 1;
    for (let x = least, term = 1; x < highest; x++) {
      term *= ratio(x);
      sum += term;
      if (term < sum * 1e-18) break;
    }
    return logHypergeometric(total, marked, drawn, least) + Math.log(sum);
  }
  // Terms fall from `least - 1` downwards: the complement is the small tail.
  let sum = 1;
  for (let x = least - 1, term = 1; x > lowest; x--) {
    term /= ratio(x - 1);
    sum += term;
    if (term < sum * 1e-18) break;
  }
  const below = logHypergeometric(total, marked, drawn, least - 1) + Math.log(sum);
  return Math.log1p(-Math.min(1, Math.exp(below)));
}

/** ln P(X = x) of the same distribution. */
function logHypergeometric(total: number, marked: number, drawn: number, x: number): number {
  return logBinomial(marked, x) + logBinomial(total - marked, drawn - x) -
    logBinomial(total, drawn);
}

function logBinomial(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const smallFactorials = Float64Array.from({ length: 256 }, () => 0);
for (let n = 1; n < 256; n++) smallFactorials[n] = smallFactorials[n - 1] + Math.log(n);

/** ln n!: a table below 256, above it Stirling's series, whose first left-out term is below 1e-20 there. */
function logFactorial(n: number): number {
  if (n < 256) return smallFactorials[n];
  const n2 = n * n;
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) +
    (1 / 12 - (1 / 360 - (1 / 1260 - 1 / (1680 * n2)) / n2) / n2) / n;
}
