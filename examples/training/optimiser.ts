/** AdamW over typed arrays (Kingma & Ba 2015; Loshchilov & Hutter 2017) with a warm-up and a cosine. @module */
import type { Parameter, Weights } from "./model.ts";

export interface Recipe {
  readonly steps: number;
  /** Learning rate at its highest, reached after `warmUp` steps; it ends at 0 along a cosine. */
  readonly learningRate: number;
  readonly warmUp: number;
  /** Share of itself, times the learning rate, that a matrix loses per step. */
  readonly weightDecay: number;
  /** Longer gradients, over all weights together, are shortened to this length. */
  readonly longestGradient: number;
}

const [beta1, beta2, epsilon] = [0.9, 0.99, 1e-8];

export interface State {
  readonly first: Weights;
  readonly second: Weights;
}

export function startState(weights: Weights): State {
  const zeros = () =>
    new Map([...weights].map(([name, { length }]) => [name, new Float32Array(length)]));
  return { first: zeros(), second: zeros() };
}

/** The learning rate of step 0, 1, ... `steps - 1`. */
export function learningRateAt(step: number, { steps, learningRate, warmUp }: Recipe): number {
  if (step < warmUp) return learningRate * (step + 1) / warmUp;
  return learningRate * 0.5 * (1 + Math.cos(Math.PI * (step - warmUp) / (steps - warmUp)));
}

/** Changes the weights and the state in place by one step. */
export function update(
  step: number,
  list: readonly Parameter[],
  weights: Weights,
  gradients: ReadonlyMap<string, Float32Array>,
  state: State,
  recipe: Recipe,
): void {
  const rate = learningRateAt(step, recipe);
  const shorten = Math.min(1, recipe.longestGradient / lengthOf(gradients));
  const correction1 = 1 / (1 - beta1 ** (step + 1));
  const correction2 = 1 / (1 - beta2 ** (step + 1));
  for (const { name, decays } of list) {
    const weight = weights.get(name)!;
    const gradient = gradients.get(name)!;
    const first = state.first.get(name)!;
    const second = state.second.get(name)!;
    const keep = 1 - (decays ? rate * recipe.weightDecay : 0);
    for (let i = 0; i < weight.length; i++) {
      const g = gradient[i] * shorten;
      const m = first[i] = beta1 * first[i] + (1 - beta1) * g;
      const v = second[i] = beta2 * second[i] + (1 - beta2) * g * g;
      weight[i] = keep * weight[i] -
        rate * m * correction1 / (Math.sqrt(v * correction2) + epsilon);
    }
  }
}

function lengthOf(gradients: ReadonlyMap<string, Float32Array>): number {
  let sum = 0;
  for (const gradient of gradients.values()) {
    for (let i = 0; i < gradient.length; i++) sum += gradient[i] * gradient[i];
  }
  return Math.sqrt(sum);
}
