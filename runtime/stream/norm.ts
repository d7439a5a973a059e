/**
 * Norms in front of readers, arranged so that no normalised copy of a mix is ever made.
 *
 * LayerNorm subtracts the mean over the width from everything it reads. Since a mix is a sum, the mean can
 * be subtracted from every writer instead, once, and then each mix has mean zero ({@link centre}).
 * What is left of either norm is a factor per row, `inverse = 1 / sqrt(mean(x^2) + epsilon)`, which commutes
 * with the reading weights W: (x * inverse * gain) W + b = inverse * (x (gain W)) + b'.
 *
 * @module
 */
import * as ops from "../../ops/mod.ts";
import type { Architecture, NormWeights } from "../models/mod.ts";
import type { Weights } from "./weights.ts";

type Norm = Architecture["norm"];

/** Subtracts the mean over the last axis where the model's norms would; otherwise returns x. */
export function centre(norm: Norm, x: ops.Value): ops.Value {
  return norm.kind === "layer" ? ops.sub(x, ops.reduceMean(x, [x.dims.length - 1], true)) : x;
}

/** 1 / sqrt(mean(x^2) + epsilon) over the given axes, which are kept with size 1. */
export function inverseRoot(x: ops.Value, axes: readonly number[], epsilon: number): ops.Value {
  const count = axes.reduce((product, axis) => product * x.dims[axis], 1);
  return inverseRootOf(ops.reduceSumSquare(x, axes, true), count, epsilon);
}

/** {@link inverseRoot} from the sum of squares over `count` elements. */
function inverseRootOf(squares: ops.Value, count: number, epsilon: number): ops.Value {
  return ops.reciprocal(ops.sqrt(ops.shift(ops.scale(squares, 1 / count), epsilon)));
}

/** The gain as a factor: [width]. */
export function gainOf(
  norm: Norm,
  weights: Weights,
  { gain }: Pick<NormWeights, "gain">,
): ops.Value {
  return ops.shift(weights(gain), norm.offsetGain ? 1 : 0);
}

/** Normalises x [n, width], centred, outright: for readers that come one at a time. */
export function normalise(
  norm: Norm,
  weights: Weights,
  parameters: NormWeights | undefined,
  x: ops.Value,
): ops.Value {
  if (norm.kind === "none" || !parameters) return x;
  const scaled = ops.mul(
    ops.mul(x, inverseRoot(x, [x.dims.length - 1], norm.epsilon)),
    gainOf(norm, weights, parameters),
  );
  return parameters.bias ? ops.add(scaled, weights(parameters.bias)) : scaled;
}

/** A value, and the values of its computation that are saved for the backward pass. */
export interface Computed {
  readonly result: ops.Value;
  readonly saved: readonly ops.Value[];
}

/**
 * Reads mixes through a norm and a matrix each: x [readers or 1, n, width], centred, times
 * weight [readers, width, out], plus bias [readers, 1, out].
 *
 * @param rows numbers of the readers that x holds, when it holds some of them only
 */
export function project(
  norm: Norm,
  weights: Weights,
  parameters: NormWeights | undefined,
  x: ops.Value,
  weight: ops.Value,
  bias: ops.Value | undefined,
  rows?: ops.Value,
): Computed {
  // Chosen last: what stands before is constant, and folded when the session opens.
  const choose = (all: ops.Value) => rows ? ops.gather(all, rows) : all;
  if (norm.kind === "none" || !parameters) {
    const product = ops.matmul(x, choose(weight));
    return { result: bias ? ops.add(product, choose(bias)) : product, saved: [product] };
  }
  const width = x.dims.at(-1)!;
  const gained = ops.mul(weight, ops.reshape(gainOf(norm, weights, parameters), [width, 1]));
  const product = ops.matmul(x, choose(gained));
  // Saved as the sum of squares, from which the factor and its derivative are small work: x is not read again.
  const squares = ops.reduceSumSquare(x, [2], true);
  let offset = bias;
  if (parameters.bias) {
    const shifted = ops.matmul(ops.reshape(weights(parameters.bias), [1, 1, width]), weight);
    offset = offset ? ops.add(offset, shifted) : shifted;
  }
  const scaled = ops.mul(product, inverseRootOf(squares, width, norm.epsilon));
  return { result: offset ? ops.add(scaled, choose(offset)) : scaled, saved: [product, squares] };
}
