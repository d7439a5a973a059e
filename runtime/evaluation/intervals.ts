/** Bootstrap confidence intervals. @module */
import { randomFrom } from "../../base/random.ts";
import { type MetricChoice, metricNamed } from "../metrics/mod.ts";
import { shareInterval, studentQuantile } from "./distributions.ts";
import type { ExampleValues } from "./evaluate.ts";

/** A number with the least and the greatest of its kind. */
export interface Interval {
  /** The number. */
  readonly value: number;
  /** Lower end. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/** A number and its confidence interval, where the sample determines it. */
export interface Estimate {
  /** The number. */
  readonly value: number;
  /** Lower end; null where there is one item, or all are the same: nothing then tells how far others would differ. */
  readonly low: number | null;
  /** Upper end; null as the lower one. */
  readonly high: number | null;
}

/** Options of confidence intervals. */
export interface IntervalOptions {
  /** Probability that the interval has the true value, in (0, 1); default: 0.95. */
  readonly level: number;
  /** Number of bootstrap samples that are drawn; default: 1000. */
  readonly resamples: number;
  /** Seed of the draws; default: 0. */
  readonly seed: number;
  /** Least and greatest value that is possible; ends beyond are cut. Default: none. */
  readonly bounds: readonly [least: number, most: number];
}

/** Options with defaults filled in. */
export function intervalOptions(given: Partial<IntervalOptions>): IntervalOptions {
  const options = {
    level: 0.95,
    resamples: 1000,
    seed: 0,
    bounds: [-Infinity, Infinity] as const,
    ...given,
  };
  const { level, resamples } = options;
  if (!Number.isInteger(resamples) || resamples < 1 || !(level > 0 && level < 1)) {
    throw new RangeError(
      `Cannot find an interval as resamples must be a whole number from 1 and the level between 0 and 1: current values are ${resamples} and ${level}`,
    );
  }
  return options;
}

/**
 * A mean over examples with its confidence interval: that of {@link ratioEstimate}, where every denominator is 1. Beyond the values an end of the
 * bootstrap t goes as far as they lie apart, or farther where they are fewer than 12: with one value far from all others it knows no bound.
 *
 * @param values [examples]
 * @throws {RangeError} if there are no values or an option is out of range
 */
export function meanEstimate(
  values: ArrayLike<number>,
  given: Partial<IntervalOptions> = {},
): Estimate {
  const [least, most] = Array.from(values).reduce<readonly [number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
  // Three values lie closer together than many would.
  const beyond = (most - least) * Math.max(1, 12 / values.length);
  const reach = [least - beyond, most + beyond] as const;
  return estimate(values, new Float64Array(values.length).fill(1), given, reach);
}

/**
 * A ratio of means over examples with its confidence interval. Each end is the farther one of two intervals: Student's t with the
 * ratio's standard error (delta method), and the bootstrap t (Efron & Tibshirani 1993, chapter 12). The first holds for few
 * examples, the second for skewed values, where Student's t alone is too narrow.
 *
 * @param numerators [examples]
 * @param denominators [examples]
 * @throws {RangeError} if there are no values or an option is out of range
 */
export function ratioEstimate(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  given: Partial<IntervalOptions> = {},
): Estimate {
  return estimate(numerators, denominators, given, [-Infinity, Infinity]);
}

/** @param reach the least and the greatest end that the bootstrap t may take */
function estimate(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  given: Partial<IntervalOptions>,
  reach: readonly [least: number, most: number],
): Estimate {
  const { level, resamples, seed, bounds } = intervalOptions(given);
  const { length } = numerators;
  if (length === 0) {
    throw new RangeError("Cannot find an interval as there must be values: there are 0");
  }
  const whole = ratioOf(numerators, denominators);
  const { value } = whole;
  if (!(whole.error > 0)) return { value, low: null, high: null };
  const student = studentQuantile(level, length - 1);
  const random = randomFrom(seed, "bootstrap");
  const [above, below] = [new Float64Array(length), new Float64Array(length)];
  const distances: number[] = [];
  for (let drawn = 0; drawn < resamples; drawn++) {
    for (let i = 0; i < length; i++) {
      const place = random.integer(length);
      [above[i], below[i]] = [numerators[place], denominators[place]];
    }
    const sample = ratioOf(above, below);
    // A sample of one item again and again has no error of its own.
    if (sample.error > 0) distances.push((sample.value - value) / sample.error);
  }
  const sorted = Float64Array.from(distances).sort();
  const [left, right] = [(1 + level) / 2, (1 - level) / 2].map((share) =>
    sorted.length === 0 ? 0 : quantile(sorted, share)
  );
  const [low, high] = [
    Math.min(value - whole.error * student, Math.max(reach[0], value - whole.error * left)),
    Math.max(value + whole.error * student, Math.min(reach[1], value - whole.error * right)),
  ];
  return { value, low: Math.max(bounds[0], low), high: Math.min(bounds[1], high) };
}

/** A ratio of means and its standard error; 0 or not finite where the sample does not tell. */
function ratioOf(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
): { readonly value: number; readonly error: number } {
  const { length } = numerators;
  const [above, below] = [mean(numerators), mean(denominators)];
  const value = above / below;
  let [squares, largest] = [0, 0];
  for (let i = 0; i < length; i++) {
    const difference = numerators[i] - value * denominators[i];
    squares += difference * difference;
    largest = Math.max(largest, Math.abs(numerators[i]), Math.abs(value * denominators[i]));
  }
  // Differences of equal items are rounding.
  if (!(squares > length * (1e-12 * largest) ** 2)) return { value, error: 0 };
  const error = Math.sqrt(squares / (length - 1) / length) / Math.abs(below);
  return { value, error: Number.isFinite(error) ? error : 0 };
}

/** A bootstrap sample: as many items, drawn with replacement; the seed says which. */
export function resampled<T>(items: readonly T[], seed: number): T[] {
  const random = randomFrom(seed, "resample");
  return items.map(() => items[random.integer(items.length)]);
}

/** Every metric's mean over the examples with its interval; a share has the exact one of a count. */
export function estimatesOf(
  values: ExampleValues,
  choices: readonly MetricChoice[],
  given: Partial<IntervalOptions> = {},
): Record<string, Estimate> {
  const estimates = choices.map((choice): [string, Estimate] => {
    const { name, isShare, bounds } = metricNamed(choice);
    const each = values[name];
    if (!isShare || each.length < 2) {
      return [name, meanEstimate(each, { ...(bounds && { bounds }), ...given })];
    }
    const count = each.reduce((sum, value) => sum + value, 0);
    const interval = shareInterval(count, each.length, intervalOptions(given).level);
    return [name, { value: mean(each), ...interval }];
  });
  return Object.fromEntries(estimates);
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
