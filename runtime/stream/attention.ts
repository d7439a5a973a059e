/**
 * Attention, from projected queries, keys and values to head outputs; the same for the dense model and the masked one.
 *
 * Axes: H query heads, G key/value heads, B examples, T positions, N = B * T, S head size. Examples are
 * contiguous in N, so [H, N, S] and [H, B, T, S] are the same bytes.
 *
 * @module
 */
import * as ops from "../../ops/mod.ts";
import type { Architecture, LayerSettings, Rotary, WeightView } from "../models/mod.ts";
import { type Computed, gainOf, inverseRoot } from "./norm.ts";
import type { Weights } from "./weights.ts";

/** Examples B and positions T of a batch. */
export interface BatchShape {
  readonly batch: number;
  readonly length: number;
}

export interface AttentionInputs {
  /** [H, N, S] */
  readonly query: ops.Value;
  /** [G, N, S] */
  readonly key: ops.Value;
  /** [G, N, S] */
  readonly value: ops.Value;
}

/** Head outputs before the output projection, [H, N, S]; saves the attention probabilities. */
export function attention(
  weights: Weights,
  layer: number,
  inputs: AttentionInputs,
  { batch, length }: BatchShape,
): Computed {
  const { architecture } = weights.model;
  const { headSize, attention: settings } = architecture;
  const { queryNorm, keyNorm } = weights.model.weights.layers[layer];
  const heads = inputs.query.dims[0];
  const keyValueHeads = inputs.key.dims[0];
  const group = heads / keyValueHeads;
  const shape = (x: ops.Value, perGroup: number) =>
    ops.reshape(x, [keyValueHeads, perGroup, batch, length, headSize]);
  const turn = (x: ops.Value) => rotate(x, architecture.settings[layer].rotary, length);

  const query = turn(shape(queryKeyNorm(weights, inputs.query, queryNorm), group));
  const key = turn(shape(queryKeyNorm(weights, inputs.key, keyNorm), 1));
  const value = shape(inputs.value, 1);

  const { scale = settings.scale } = architecture.settings[layer];
  let scores = ops.matmul(ops.scale(query, scale), ops.transposeLast(key));
  if (settings.softCap !== undefined) scores = ops.softCap(scores, settings.softCap);
  const mask = maskOf(architecture, architecture.settings[layer], length);
  if (mask) scores = ops.add(scores, scores.graph.constant(mask, "float32", [length, length]));
  const probabilities = ops.softmax(scores);
  const result = ops.reshape(ops.matmul(probabilities, value), [heads, batch * length, headSize]);
  return { result, saved: [probabilities] };
}

/** RMS norm of queries or keys, [heads, N, S], over each head's vector or over all heads of a position as one. */
function queryKeyNorm(weights: Weights, x: ops.Value, gain: WeightView | undefined): ops.Value {
  const { norm, attention } = weights.model.architecture;
  if (!gain || !attention.queryKeyNorm) return x;
  const axes = attention.queryKeyNorm === "head" ? [2] : [0, 2];
  return ops.mul(ops.mul(x, inverseRoot(x, axes, norm.epsilon)), gainOf(norm, weights, { gain }));
}

/** Rotary positions (Su et al. 2021, arXiv:2104.09864) on the last axis: pairs (i, i + size/2) turn, the rest stays. */
function rotate(x: ops.Value, rotary: Rotary | undefined, length: number): ops.Value {
  if (!rotary) return x;
  const last = x.dims.length - 1;
  const half = rotary.size / 2;
  const { cosine, sine } = turns(x.graph, rotary, length);
  const a = ops.slice(x, last, 0, half);
  const b = ops.slice(x, last, half, rotary.size);
  const turned = ops.add(
    ops.mul(ops.slice(x, last, 0, rotary.size), cosine),
    ops.mul(ops.concat([ops.neg(b), a], last), sine),
  );
  return rotary.size === x.dims[last]
    ? turned
    : ops.concat([turned, ops.slice(x, last, rotary.size, x.dims[last])], last);
}

/** Cosine and sine of position * frequency, [T, size] each. */
function turns(graph: ops.Graph, { size, inverseFrequencies, factor }: Rotary, length: number) {
  const table = (of: (angle: number) => number) => {
    const data = new Float32Array(length * size);
    for (let position = 0; position < length; position++) {
      for (let i = 0; i < size; i++) {
        data[position * size + i] = factor * of(position * inverseFrequencies[i % (size / 2)]);
      }
    }
    return graph.constant(data, "float32", [length, size]);
  };
  return { cosine: table(Math.cos), sine: table(Math.sin) };
}

/** Mask to add to the scores, [T, T]: 0 where a position may look, -1e30 elsewhere; null where it may look anywhere. */
function maskOf(
  { attention }: Architecture,
  { window }: LayerSettings,
  length: number,
): Float32Array | null {
  if (attention.mask === "full") return null;
  const mask = new Float32Array(length * length);
  for (let from = 0; from < length; from++) {
    for (let to = 0; to < length; to++) {
      const seen = to <= from && (window === undefined || from - to < window);
      mask[from * length + to] = seen ? 0 : -1e30;
    }
  }
  return mask;
}
