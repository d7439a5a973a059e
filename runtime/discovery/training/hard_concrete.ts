/**
 * Hard-concrete gates (Louizos et al. 2018, arXiv:1712.01312), as Edge Pruning uses them: a sigmoid of noisy log-odds,
 * stretched beyond [0, 1] and clipped, so that exact zeros and ones have positive probability.
 *
 *     s = sigmoid((log u - log(1 - u) + log alpha) / beta)      u uniform in (0, 1)
 *     z = min(1, max(0, low + (high - low) s))                  low = -0.1, high = 1.1, beta = 2/3
 *
 * @module
 */

export const low = -0.1;
export const high = 1.1;
export const beta = 2 / 3;

/** log P(z > 0) / P(z = 0) = log alpha + this. */
const openShift = -beta * Math.log(-low / high);

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** A gate's value under noise u, and its derivative with respect to log alpha (0 where clipped). */
export function sample(logAlpha: number, u: number): { z: number; slope: number } {
  const s = sigmoid((Math.log(u) - Math.log1p(-u) + logAlpha) / beta);
  const stretched = low + (high - low) * s;
  if (stretched <= 0) return { z: 0, slope: 0 };
  if (stretched >= 1) return { z: 1, slope: 0 };
  return { z: stretched, slope: (high - low) * s * (1 - s) / beta };
}

/** P(z > 0) = sigmoid(log alpha - beta log(-low / high)): the expected L0 norm of one gate, in closed form. */
export function openProbability(logAlpha: number): number {
  return sigmoid(logAlpha + openShift);
}

/** d P(z > 0) / d log alpha. */
export function openSlope(logAlpha: number): number {
  const p = openProbability(logAlpha);
  return p * (1 - p);
}

/** The log alpha at which a gate is open with the given probability, in (0, 1). */
export function logAlphaFor(probability: number): number {
  return Math.log(probability) - Math.log1p(-probability) - openShift;
}
