/** Agreement of circuits from runs that differ only in their seed or their sample. @module */
import { type Circuit, overlap } from "../circuits/mod.ts";
import { studentQuantile } from "./distributions.ts";
import { type Estimate, type Interval, intervalOptions, mean } from "./intervals.ts";

/** Agreement of the circuits of several runs. */
export interface SeedAgreement {
  /** Jaccard similarity of every pair: mean, least and greatest. */
  readonly jaccard: Interval;
  /** Jaccard similarities, [runs][runs]. */
  readonly similar: readonly (readonly number[])[];
  /** The mean with its confidence interval over the runs. */
  readonly estimate: Estimate;
  /** Number of edges in all circuits. */
  readonly inAll: number;
  /** Number of edges in at least one circuit. */
  readonly inAny: number;
  /** Number of circuits with an edge, by edge. */
  readonly times: ReadonlyMap<number, number>;
}

/**
 * Agreement of circuits from runs that differ only in their seed or in their sample of examples: Jaccard similarities.
 *
 * The interval is Student's t over the jackknife of the runs (Efron & Stein 1981), since pairs that share a run depend on each other.
 * It has no ends where there are two runs, or all pairs agree alike.
 *
 * @param level probability that the interval has the mean similarity of any two runs, in (0, 1)
 * @throws {RangeError} if there are fewer than two circuits
 */
export function agreementOf(circuits: readonly Circuit[], level = 0.95): SeedAgreement {
  if (circuits.length < 2) {
    throw new RangeError(
      `Cannot compare runs as there must be at least two circuits: current value is ${circuits.length}`,
    );
  }
  const count = circuits.length;
  const similar = circuits.map(() => new Array<number>(count).fill(1));
  circuits.forEach((a, i) => {
    for (let j = 0; j < i; j++) {
      similar[i][j] = similar[j][i] = overlap(a, circuits[j]).jaccard;
    }
  });
  const pairs = similar.flatMap((row, i) => row.slice(0, i));
  const value = mean(pairs);
  const times = new Map<number, number>();
  for (const { edges } of circuits) {
    for (const edge of edges) times.set(edge, (times.get(edge) ?? 0) + 1);
  }
  return {
    estimate: jackknife(similar, value, intervalOptions({ level }).level),
    jaccard: {
      value,
      low: pairs.reduce((a, b) => Math.min(a, b)),
      high: pairs.reduce((a, b) => Math.max(a, b)),
    },
    similar,
    inAll: [...times.values()].filter((count) => count === circuits.length).length,
    inAny: times.size,
    times,
  };
}

/** Interval of the mean over pairs of runs, from the means without one run each. */
function jackknife(
  similar: readonly (readonly number[])[],
  value: number,
  level: number,
): Estimate {
  const { length: count } = similar;
  const none = { value, low: null, high: null };
  if (count < 3) return none;
  const pairs = count * (count - 1) / 2;
  const without = similar.map((row) => {
    const own = row.reduce((sum, each) => sum + each, 0) - 1;
    return (value * pairs - own) / (pairs - (count - 1));
  });
  const centre = mean(without);
  const squares = without.reduce((sum, each) => sum + (each - centre) ** 2, 0);
  const reach = studentQuantile(level, count - 1) * Math.sqrt(squares * (count - 1) / count);
  if (!(reach > 1e-12)) return none;
  return { value, low: Math.max(0, value - reach), high: Math.min(1, value + reach) };
}
