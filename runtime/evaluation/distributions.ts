/** Distributions that confidence intervals are made of. @module */

/** The argument in [low, high] where a rising function has a value, to the last bits. */
function inverse(rising: (x: number) => number, value: number, low: number, high: number): number {
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (rising(middle) < value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The number that a Student's t variable stays below in magnitude with a probability.
 *
 * @param level the probability, in (0, 1)
 * @param freedom degrees of freedom, a whole number from 1
 */
export function studentQuantile(level: number, freedom: number): number {
  const angle = inverse((angle) => studentCentre(angle, freedom), level, 0, Math.PI / 2);
  return Math.sqrt(freedom) * Math.tan(angle);
}

/** P(|t| <= sqrt(freedom) tan(angle)), by the finite series of Abramowitz & Stegun 1964, 26.7.3 and 26.7.4. */
function studentCentre(angle: number, freedom: number): number {
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const odd = freedom % 2;
  let [sum, term] = [0, odd ? cosine : 1];
  for (let power = odd; power < freedom - 1; power += 2) {
    sum += term;
    term *= (power + 1) / (power + 2) * cosine * cosine;
  }
  return odd ? 2 / Math.PI * (angle + sine * sum) : sine * sum;
}

/**
 * Shares that a count out of so many is not at odds with: the exact interval of Clopper & Pearson 1934. It covers the true
 * share with the probability `level` at least, for any such share.
 */
export function shareInterval(
  count: number,
  of: number,
  level: number,
): { readonly low: number; readonly high: number } {
  const rest = (1 - level) / 2;
  const atLeast = (least: number) => (share: number) => 1 - binomialBelow(least, of, share);
  return {
    low: count === 0 ? 0 : inverse(atLeast(count), rest, 0, 1),
    high: count === of ? 1 : inverse(atLeast(count + 1), 1 - rest, 0, 1),
  };
}

/** P(X < least) of a binomial variable of so many trials. */
function binomialBelow(least: number, trials: number, share: number): number {
  const [hit, miss] = [Math.log(share), Math.log1p(-share)];
  let [sum, choices] = [0, 0];
  for (let x = 0; x < least; x++) {
    sum += Math.exp(choices + x * hit + (trials - x) * miss);
    choices += Math.log((trials - x) / (x + 1));
  }
  return Math.min(1, sum);
}
