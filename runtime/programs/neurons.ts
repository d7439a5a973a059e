/** Element-wise maps as hidden units of an MLP. @module */
import type { Neuron } from "./plan.ts";

/** One combination of one-hot inputs, and the results by rising scalar. */
export interface MapCase {
  /** Stream dimensions that are all 1 in this case. */
  readonly on: readonly number[];
  readonly scalar: number | undefined;
  /** Largest absolute value of the scalar. */
  readonly reach: number;
  readonly steps: readonly { readonly coordinate: number; readonly result: number }[];
}

/**
 * Hidden units of one case. A unit with inputs x_1 .. x_k and bias 1 - k is 1 where all are 1 and 0 elsewhere. Two units
 * that differ by 1 in bias make a step in the scalar, and a large enough weight on the x keeps them shut in other cases.
 */
export function caseNeurons(
  { on, scalar, reach, steps }: MapCase,
  start: number,
  beginning: number | undefined,
): Neuron[] {
  // Garbage at the beginning token may add up to as many inputs, so it is outweighed by more than all of them.
  const inputs = (weight: number) => [
    ...on.map((dimension) => ({ dimension, weight })),
    ...beginning === undefined ? [] : [{ dimension: beginning, weight: -weight * (2 + on.length) }],
  ];
  const neurons: Neuron[] = [{
    inputs: inputs(1),
    bias: 1 - on.length,
    outputs: [{ dimension: start + steps[0].result, weight: 1 }],
  }];
  for (let i = 1; i < steps.length; i++) {
    const [before, after] = [steps[i - 1], steps[i]];
    if (before.result === after.result) continue;
    const slope = 2 / (after.coordinate - before.coordinate);
    const middle = (after.coordinate + before.coordinate) / 2;
    const shut = Math.ceil(slope * (reach + Math.abs(middle)) + 1);
    for (const [offset, sign] of [[0.5, 1], [-0.5, -1]]) {
      neurons.push({
        inputs: [{ dimension: scalar!, weight: slope }, ...inputs(shut)],
        bias: offset - slope * middle - shut * on.length,
        outputs: [
          { dimension: start + after.result, weight: sign },
          { dimension: start + before.result, weight: -sign },
        ],
      });
    }
  }
  return neurons;
}
