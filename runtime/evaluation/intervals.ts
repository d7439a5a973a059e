/** Bootstrap confidence intervals. @module */
import { randomFrom } from "../../base/random.ts";
import type { ExampleValues } from "./evaluate.ts";

/** A number and its confidence interval. */
export interface Interval {
  /** The number. */
  readonly value: number;
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/** Options of {@linkcode bootstrap}. */
export interface BootstrapOptions {
  /** Number of samples that are drawn; default: 1000. */
  readonly resamples: number;
  /** Share of resamples inside the interval, in (0, 1); default: 0.95. */
  readonly level: number;
  /** Seed of the draws; default: 0. */
  readonly seed: number;
}

const bootstrapDefaults: BootstrapOptions = { resamples: 1000, level: 0.95, seed: 0 };

/**
 * A statistic of a sample with its percentile bootstrap interval (Efron & Tibshirani 1993): samples of the same size are drawn
 * from it with replacement, and the interval is the middle `level` of their statistics.
 *
 * @param values the sample, [values]
 * @param statistic default: the mean
 * @throws {RangeError} if there are no values or an option is out of range
 */
export function bootstrap(
  values: ArrayLike<number>,
  given: Partial<BootstrapOptions> = {},
  statistic: (sample: Float64Array) => number = mean,
): Interval {
  const { resamples, level, seed } = { ...bootstrapDefaults, ...given };
  if (values.length === 0) {
    throw new RangeError("Cannot find an interval as there must be values: there are 0");
  }
  if (!Number.isInteger(resamples) || resamples < 1 || !(level > 0 && level < 1)) {
    throw new RangeError(
      `Cannot find an interval as resamples must be a whole number from 1 and the level between 0 and 1: current values are ${resamples} and ${level}`,
    );
  }
  const random = randomFrom(seed, "bootstrap");
  const sample = new Float64Array(values.length);
  const found = Float64Array.from({ length: resamples }, () => {
    for (let i = 0; i < sample.length; i++) sample[i] = values[random.integer(values.length)];
    return statistic(sample);
  }).sort();
  return {
    value: statistic(Float64Array.from(values)),
    low: quantile(found, (1 - level) / 2),
    high: quantile(found, (1 + level) / 2),
  };
}

/** A bootstrap sample: as many items, drawn with replacement; the seed says which. */
export function resampled<T>(items: readonly T[], seed: number): T[] {
  const random = randomFrom(seed, "resample");
  return items.map(() => items[random.integer(items.length)]);
}

/** Every metric's mean over the examples with its interval. */
export function intervalsOf(
  values: ExampleValues,
  options: Partial<BootstrapOptions> = {},
): Record<string, Interval> {
  return Object.fromEntries(
    Object.entries(values).map(([name, each]) => [name, bootstrap(each, options)]),
  );
}

/** Median of runs, with the least and the greatest. */
export function spreadOf(values: readonly number[]): Interval {
  if (values.length === 0) {
    throw new RangeError("Cannot find a median as there must be values: there are 0");
  }
  const sorted = Float64Array.from(values).sort();
  return { value: quantile(sorted, 0.5), low: sorted[0], high: sorted[sorted.length - 1] };
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Quantile of ascending values, between neighbours by a straight line. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
