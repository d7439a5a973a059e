/** Adam (Kingma & Ba 2015) on plain arrays: a record of state and an update, nothing else. @module */

export interface AdamState {
  readonly first: Float64Array;
  readonly second: Float64Array;
  steps: number;
}

/** The paper's decay rates of both moments, and the term that keeps the denominator above 0. */
const [decayFirst, decaySecond, epsilon] = [0.9, 0.999, 1e-8];

export function initAdam(size: number): AdamState {
  return { first: new Float64Array(size), second: new Float64Array(size), steps: 0 };
}

/** Moves `parameters` [parameters] in place against `gradient` [parameters]; a negative learning rate climbs. */
export function updateAdam(
  state: AdamState,
  parameters: Float64Array,
  gradient: ArrayLike<number>,
  learningRate: number,
): void {
  state.steps++;
  const correctFirst = 1 - decayFirst ** state.steps;
  const correctSecond = 1 - decaySecond ** state.steps;
  const { first, second } = state;
  for (let i = 0; i < parameters.length; i++) {
    const g = gradient[i];
    first[i] = decayFirst * first[i] + (1 - decayFirst) * g;
    second[i] = decaySecond * second[i] + (1 - decaySecond) * g * g;
    parameters[i] -= learningRate * (first[i] / correctFirst) /
      (Math.sqrt(second[i] / correctSecond) + epsilon);
  }
}
