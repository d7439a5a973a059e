/**
 * A dense forward pass in float64, one loop after another, written from the Architecture record alone.
 * It is slow and has no other use than to show that the records say all there is to say.
 *
 * @module
 */
import type {
  Activation,
  Architecture,
  DenseTensor,
  LayerSettings,
  LayerWeights,
  Model,
  NormWeights,
  Rotary,
  WeightView,
} from "../../../runtime/models/mod.ts";
import { readView, viewDims } from "./values.ts";

/** One number per position and dimension. */
export type Rows = Float64Array[];

/** Logits of every position of a prompt. */
export async function referenceLogits(model: Model, tokens: readonly number[]): Promise<Rows> {
  const { architecture: a, weights } = model;
  const load = (view: WeightView) => readView(model.tensors, view);
  const [stream, positions] = await embeddings(model, load, tokens);
  if (positions) stream.forEach((row, p) => addTo(row, positions[p]));
  for (const [i, layer] of weights.layers.entries()) {
    const before = stream.map((row) => row.slice());
    const attended = await attention(a, a.settings[i], layer, load, before);
    stream.forEach((row, p) => addTo(row, attended[p]));
    const changed = await mlp(a, layer, load, a.residual === "parallel" ? before : stream);
    stream.forEach((row, p) => addTo(row, changed[p]));
  }
  return await logitsOf(model, load, stream);
}

/** Contributions of the token embedding, and of the position embedding if there is one, to the stream. */
export async function embeddings(
  { architecture: a, weights }: Model,
  load: Load,
  tokens: readonly number[],
): Promise<Rows[]> {
  const table = rowsOf(await load(weights.tokenEmbedding));
  const embedded = tokens.map((token) => table[token].map((x) => x * a.embeddingScale));
  if (weights.positionEmbedding === undefined) return [embedded];
  const positions = rowsOf(await load(weights.positionEmbedding));
  return [embedded, tokens.map((_, p) => positions[p])];
}

/** Logits of rows of the stream after the last layer. */
export async function logitsOf(
  { architecture: a, weights }: Model,
  load: Load,
  stream: Rows,
): Promise<Rows> {
  const last = weights.finalNorm ? await normalise(a, weights.finalNorm, load, stream) : stream;
  const logits = last.map(await product(load, weights.unembedding, weights.unembeddingBias));
  return logits.map((row) => row.map((x) => softCap(x, a.logitSoftCap)));
}

export type Load = (view: WeightView) => Promise<DenseTensor>;

/** Inputs of each head's q, k and v, before the norm; `key` and `value` by key/value head. */
export interface HeadInputs {
  readonly query: readonly Rows[];
  readonly key: readonly Rows[];
  readonly value: readonly Rows[];
}

async function attention(
  a: Architecture,
  settings: LayerSettings,
  layer: LayerWeights,
  load: Load,
  stream: Rows,
): Promise<Rows> {
  const query = new Array<Rows>(a.heads).fill(stream);
  const key = new Array<Rows>(a.keyValueHeads).fill(stream);
  const parts = await attentionParts(a, settings, layer, load, { query, key, value: key });
  const sums = parts.bias;
  for (const head of parts.heads) head.forEach((row, p) => addTo(sums[p], row));
  return sums;
}

/**
 * Contributions of each head and of their output bias to the stream, the norm after the attention included.
 */
export async function attentionParts(
  a: Architecture,
  settings: LayerSettings,
  layer: LayerWeights,
  load: Load,
  inputs: HeadInputs,
): Promise<{ heads: Rows[]; bias: Rows }> {
  const normed = async (mixes: readonly Rows[]) => {
    if (!layer.attentionNorm) return mixes;
    const distinct = new Map<Rows, Rows>();
    for (const mix of new Set(mixes)) {
      distinct.set(mix, await normalise(a, layer.attentionNorm, load, mix));
    }
    return mixes.map((mix) => distinct.get(mix)!);
  };
  const queries = await heads(
    a,
    load,
    await normed(inputs.query),
    layer.query,
    layer.queryBias,
    layer.queryNorm,
  );
  const keys = await heads(
    a,
    load,
    await normed(inputs.key),
    layer.key,
    layer.keyBias,
    layer.keyNorm,
  );
  const values = await heads(a, load, await normed(inputs.value), layer.value, layer.valueBias);
  for (const group of [queries, keys]) {
    for (const head of group) head.forEach((row, p) => turn(row, p, settings.rotary));
  }
  const output = await load(layer.output);
  const length = inputs.query[0].length;
  const positions = Array.from({ length }, (_, p) => p);
  const contributions = queries.map((query, h) => {
    const shared = Math.floor(h / (a.heads / a.keyValueHeads));
    return positions.map((p) => {
      const first = settings.window === undefined ? 0 : Math.max(0, p - settings.window + 1);
      const scores: number[] = [];
      const last = a.attention.mask === "full" ? length - 1 : p;
      for (let s = first; s <= last; s++) {
        const score = (settings.scale ?? a.attention.scale) * dot(query[p], keys[shared][s]);
        scores.push(softCap(score, a.attention.softCap));
      }
      const highest = Math.max(...scores);
      const exponentials = scores.map((score) => Math.exp(score - highest));
      const total = exponentials.reduce((sum, x) => sum + x, 0);
      const mixed = new Float64Array(a.headSize);
      exponentials.forEach((x, i) => {
        for (let d = 0; d < a.headSize; d++) mixed[d] += x / total * values[shared][first + i][d];
      });
      const row = new Float64Array(a.width);
      for (let d = 0; d < a.headSize; d++) {
        for (let w = 0; w < a.width; w++) {
          row[w] += mixed[d] * output.data[(h * a.headSize + d) * a.width + w];
        }
      }
      return row;
    });
  });
  const shift = layer.outputBias && (await load(layer.outputBias)).data;
  const bias = positions.map(() => Float64Array.from(shift ?? new Float64Array(a.width)));
  if (!layer.attentionPostNorm) return { heads: contributions, bias };
  // The norm's factor at a position comes from the sum; each part is then multiplied by it.
  const gain = (await load(layer.attentionPostNorm.gain)).data;
  for (const p of positions) {
    const sum = bias[p].slice();
    for (const head of contributions) addTo(sum, head[p]);
    const inverse = 1 / Math.sqrt(dot(sum, sum) / a.width + a.norm.epsilon);
    for (const part of [bias, ...contributions]) {
      part[p].forEach((x, w) => part[p][w] = x * inverse * (gain[w] + (a.norm.offsetGain ? 1 : 0)));
    }
  }
  return { heads: contributions, bias };
}

/** Per head, per position: the projection of the head's input, with bias and norm. */
async function heads(
  a: Architecture,
  load: Load,
  inputs: readonly Rows[],
  weight: WeightView,
  bias?: WeightView,
  gain?: WeightView,
): Promise<Rows[]> {
  const [count, width, size] = viewDims(weight);
  const { data } = await load(weight);
  const biases = bias && (await load(bias)).data;
  const projected = Array.from(
    { length: count },
    (_, h) =>
      inputs[h].map((row) =>
        Float64Array.from({ length: size }, (_, d) => {
          let sum = biases?.[h * size + d] ?? 0;
          for (let w = 0; w < width; w++) sum += row[w] * data[(h * width + w) * size + d];
          return sum;
        })
      ),
  );
  if (gain === undefined) return projected;
  const gains = (await load(gain)).data;
  const shared = a.attention.queryKeyNorm === "all";
  inputs[0].forEach((_, p) => {
    const rows = projected.map((head) => head[p]);
    const squares = rows.map((row) => dot(row, row) / size);
    const overAll = squares.reduce((sum, x) => sum + x, 0) / count;
    rows.forEach((row, h) => {
      const inverse = 1 / Math.sqrt((shared ? overAll : squares[h]) + a.norm.epsilon);
      for (let d = 0; d < size; d++) {
        const g = gains[shared ? h * size + d : d] + (a.norm.offsetGain ? 1 : 0);
        row[d] *= inverse * g;
      }
    });
  });
  return projected;
}

function turn(row: Float64Array, position: number, rotary: Rotary | undefined): void {
  if (rotary === undefined) return;
  const half = rotary.size / 2;
  for (let i = 0; i < half; i++) {
    const angle = position * rotary.inverseFrequencies[i];
    const [cos, sin] = [Math.cos(angle) * rotary.factor, Math.sin(angle) * rotary.factor];
    const [x, y] = [row[i], row[i + half]];
    row[i] = x * cos - y * sin;
    row[i + half] = y * cos + x * sin;
  }
}

export async function mlp(
  a: Architecture,
  layer: LayerWeights,
  load: Load,
  stream: Rows,
): Promise<Rows> {
  const input = layer.mlpNorm ? await normalise(a, layer.mlpNorm, load, stream) : stream;
  let hidden = input.map(await product(load, layer.up, layer.upBias));
  if (layer.gate !== undefined) {
    const gates = input.map(await product(load, layer.gate, layer.gateBias));
    hidden = hidden.map((row, p) => row.map((x, i) => x * activate(a.activation, gates[p][i])));
  } else {
    hidden = hidden.map((row) => row.map((x) => activate(a.activation, x)));
  }
  const out = hidden.map(await product(load, layer.down, layer.downBias));
  return layer.mlpPostNorm ? await normalise(a, layer.mlpPostNorm, load, out) : out;
}

export async function normalise(
  a: Architecture,
  weights: NormWeights,
  load: Load,
  rows: Rows,
): Promise<Rows> {
  if (a.norm.kind === "none") return rows;
  const gain = (await load(weights.gain)).data;
  const bias = weights.bias && (await load(weights.bias)).data;
  return rows.map((row) => {
    const mean = a.norm.kind === "layer" ? row.reduce((sum, x) => sum + x, 0) / row.length : 0;
    const centred = row.map((x) => x - mean);
    const inverse = 1 / Math.sqrt(dot(centred, centred) / row.length + a.norm.epsilon);
    const offset = a.norm.offsetGain ? 1 : 0;
    return centred.map((x, i) => x * inverse * (gain[i] + offset) + (bias?.[i] ?? 0));
  });
}

/** row -> row * weight + bias, the weight loaded once. */
export async function product(
  load: Load,
  weight: WeightView,
  bias?: WeightView,
): Promise<(row: Float64Array) => Float64Array> {
  const { dims: [inputs, outputs], data } = await load(weight);
  const biases = bias && (await load(bias)).data;
  return (row) =>
    Float64Array.from({ length: outputs }, (_, j) => {
      let sum = biases?.[j] ?? 0;
      for (let i = 0; i < inputs; i++) sum += row[i] * data[i * outputs + j];
      return sum;
    });
}

function activate(kind: Activation, x: number): number {
  switch (kind) {
    case "relu":
      return Math.max(0, x);
    case "silu":
      return x / (1 + Math.exp(-x));
    case "gelu_tanh":
      return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
    case "gelu":
      return 0.5 * x * (1 + errorFunction(x / Math.SQRT2));
  }
}

/** erf by its Taylor series; beyond 6 it is 1 to the last bit. */
function errorFunction(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  // erf(x) = 2/sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!!: all terms of one sign.
  let term = x;
  let sum = x;
  for (let n = 1; n < 300 && Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
}

export function softCap(x: number, cap: number | undefined): number {
  return cap === undefined ? x : cap * Math.tanh(x / cap);
}

export function rowsOf({ dims: [count, width], data }: DenseTensor): Rows {
  return Array.from(
    { length: count },
    (_, i) => Float64Array.from(data.subarray(i * width, (i + 1) * width)),
  );
}

export function addTo(row: Float64Array, other: Float64Array): void {
  for (let i = 0; i < row.length; i++) row[i] += other[i];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
