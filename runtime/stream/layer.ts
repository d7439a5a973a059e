/**
 * The two sublayers of a transformer layer, from what their readers read to what their writers write. The dense model and
 * the masked one are both built from them.
 *
 * Axes as in attention.ts, D the width.
 *
 * @module
 */
import * as ops from "../../ops/mod.ts";
import type { Activation, WeightView } from "../models/mod.ts";
import { attention, type BatchShape } from "./attention.ts";
import { type Computed, gainOf, inverseRoot, normalise, project } from "./norm.ts";
import type { Weights } from "./weights.ts";

/** Heads that are computed where they are not all of a layer's: whole key/value groups. */
export interface ChosenHeads {
  readonly count: number;
  /** Numbers of the heads, [count]. */
  readonly heads: ops.Value;
  /** Numbers of their readers among the layer's attention readers. */
  readonly readers: ops.Value;
}

/**
 * Head outputs [H, N, S] from what the attention's readers read, x:
 * [H + 2G, N, D] one mix per q, k and v reader in this order; [H, N, D] when a head's q, k and v share a
 * reader; [1, N, D] when all read the same (the dense model). Scaled by the norm after the sublayer, where
 * the family has one, so that what remains to a writer is a product with its output weights.
 */
export function headOutputs(
  weights: Weights,
  layer: number,
  x: ops.Value,
  shape: BatchShape,
  readers: "split" | "joint",
  chosen?: ChosenHeads,
): Computed {
  const { architecture } = weights.model;
  const { heads, keyValueHeads, headSize, norm } = architecture;
  const w = weights.model.weights.layers[layer];
  const matrices = [w.query, w.key, w.value].map(weights);
  const biases = biasesOf(weights, [w.queryBias, w.keyBias, w.valueBias], [
    heads,
    keyValueHeads,
    keyValueHeads,
  ]);
  const axis = readers === "split" ? 0 : 2;
  const projected = project(
    norm,
    weights,
    w.attentionNorm,
    x,
    ops.concat(matrices, axis),
    biases && ops.concat(biases, axis),
    chosen?.readers,
  );
  const count = chosen?.count ?? heads;
  const groups = count * keyValueHeads / heads;
  const sizes = readers === "split" ? [count, groups, groups] : [headSize, headSize, headSize];
  const [query, key, value] = sizes.map((size, i) => {
    const start = sizes.slice(0, i).reduce((sum, n) => sum + n, 0);
    return ops.slice(projected.result, axis, start, start + size);
  });
  const out = attention(weights, layer, { query, key, value }, shape);
  return {
    result: w.attentionPostNorm
      ? ops.mul(out.result, postNormFactor(weights, layer, out.result))
      : out.result,
    saved: [...projected.saved, ...out.saved],
  };
}

/** Biases [heads, 1, S] of q, k and v, zeros where one is missing; undefined when all are. */
function biasesOf(
  weights: Weights,
  views: readonly (WeightView | undefined)[],
  heads: readonly number[],
): ops.Value[] | undefined {
  const present = views.filter((view) => view !== undefined).map(weights);
  if (present.length === 0) return undefined;
  const { graph } = present[0];
  const { headSize } = weights.model.architecture;
  return views.map((view, i) =>
    view ? weights(view) : ops.expand(graph.scalar(0), [heads[i], 1, headSize])
  );
}

/** Factor of the norm after the attention at each position, before its gain, [1, N, 1]. */
function postNormFactor(weights: Weights, layer: number, heads: ops.Value): ops.Value {
  const { norm } = weights.model.architecture;
  const total = ops.matmul(headsByToken(heads), outputMatrix(weights, layer));
  return ops.reshape(inverseRoot(total, [1], norm.epsilon), [1, total.dims[0], 1]);
}

/** Head outputs [H, N, S] token by token, [N, H * S], as they are kept per example. */
export function headsByToken(heads: ops.Value): ops.Value {
  const [count, tokens, size] = heads.dims;
  return ops.reshape(ops.transpose(heads, [1, 0, 2]), [tokens, count * size]);
}

/** Head outputs [N, H * S] head by head, [H, N, S]: the inverse of {@link headsByToken}. */
export function headsByHead(heads: ops.Value, count: number): ops.Value {
  const [tokens, width] = heads.dims;
  return ops.transpose(ops.reshape(heads, [tokens, count, width / count]), [1, 0, 2]);
}

function outputMatrix(weights: Weights, layer: number): ops.Value {
  const { heads, headSize, width } = weights.model.architecture;
  return ops.reshape(weights(weights.model.weights.layers[layer].output), [
    heads * headSize,
    width,
  ]);
}

/** Output weights [H, S, D] of the heads as writers: gain of the norm after the sublayer included, centred. */
export function writerMatrix(weights: Weights, layer: number, chosen?: ChosenHeads): ops.Value {
  const { norm } = weights.model.architecture;
  const { output, attentionPostNorm } = weights.model.weights.layers[layer];
  let matrix = weights(output);
  if (attentionPostNorm) matrix = ops.mul(matrix, gainOf(norm, weights, attentionPostNorm));
  if (norm.kind === "layer") matrix = ops.sub(matrix, ops.reduceMean(matrix, [2], true));
  return chosen ? ops.gather(matrix, chosen.heads) : matrix;
}

/** The attention's addition to the stream, [N, D], from head outputs token by token [N, H * S]. */
export function attentionOutput(weights: Weights, layer: number, heads: ops.Value): ops.Value {
  const { norm } = weights.model.architecture;
  const { outputBias, attentionPostNorm } = weights.model.weights.layers[layer];
  const product = ops.matmul(heads, outputMatrix(weights, layer));
  const gained = attentionPostNorm
    ? ops.mul(product, gainOf(norm, weights, attentionPostNorm))
    : product;
  return outputBias ? ops.add(gained, weights(outputBias)) : gained;
}

const activations: Readonly<Record<Activation, (x: ops.Value) => ops.Value>> = {
  gelu: ops.gelu,
  gelu_tanh: ops.geluTanh,
  silu: ops.silu,
  relu: ops.relu,
};

/** The MLP's addition to the stream, [N, D], from what it reads, x [N, D], centred. */
export function mlpOutput(weights: Weights, layer: number, x: ops.Value): Computed {
  const { norm, activation } = weights.model.architecture;
  const w = weights.model.weights.layers[layer];
  const act = activations[activation];
  const input = normalise(norm, weights, w.mlpNorm, x);
  const linear = (value: ops.Value, matrix: WeightView, bias: WeightView | undefined) => {
    const product = weights.linear(value, matrix);
    return bias ? ops.add(product, weights(bias)) : product;
  };
  const up = linear(input, w.up, w.upBias);
  const gate = w.gate && linear(input, w.gate, w.gateBias);
  const hidden = gate ? ops.mul(act(gate), up) : act(up);
  const result = linear(hidden, w.down, w.downBias);
  return {
    result: w.mlpPostNorm ? normalise(norm, weights, w.mlpPostNorm, result) : result,
    saved: gate ? [up, gate] : [up],
  };
}
