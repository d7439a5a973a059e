/** Agreement of circuits from runs that differ only in their seed or their sample. @module */
import { type Circuit, overlap } from "../circuits/mod.ts";
import { bootstrap, type BootstrapOptions, type Interval, mean } from "./intervals.ts";

/** Agreement of the circuits of several runs. */
export interface SeedAgreement {
  /** Jaccard similarity of every pair: mean, least and greatest. */
  readonly jaccard: Interval;
  /** Jaccard similarities, [runs][runs]. */
  readonly similar: readonly (readonly number[])[];
  /** The mean with its bootstrap interval over the runs. */
  readonly interval: Interval;
  /** Number of edges in all circuits. */
  readonly inAll: number;
  /** Number of edges in at least one circuit. */
  readonly inAny: number;
  /** Number of circuits with an edge, by edge. */
  readonly times: ReadonlyMap<number, number>;
}

/**
 * Agreement of circuits from runs that differ only in their seed or in their sample of examples: Jaccard similarities.
 * The interval is a bootstrap over the runs, which are drawn anew with replacement; a run drawn twice is not compared with itself.
 *
 * @throws {RangeError} if there are fewer than two circuits
 */
export function agreementOf(
  circuits: readonly Circuit[],
  options: Partial<BootstrapOptions> = {},
): SeedAgreement {
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
  const meanOf = (runs: Float64Array) => {
    const drawn = new Float64Array(count);
    for (const run of runs) drawn[run]++;
    let [sum, weight] = [0, 0];
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < i && drawn[i] > 0; j++) {
        const times = drawn[i] * drawn[j];
        sum += times * similar[i][j];
        weight += times;
      }
    }
    // The same run each time says nothing of how far runs agree.
    return weight === 0 ? value : sum / weight;
  };
  const times = new Map<number, number>();
  for (const { edges } of circuits) {
    for (const edge of edges) times.set(edge, (times.get(edge) ?? 0) + 1);
  }
  return {
    interval: bootstrap(Array.from(circuits.keys()), options, meanOf),
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
