/**
 * A compiled program's forward pass in plain loops, with a switch on every edge: small, slow and easy to check.
 *
 * @module
 */
import type { DenseTensor, LayerTensor } from "../models/mod.ts";
import type { CompiledProgram } from "./plan.ts";
import { headPart, layerTensorName } from "./weights.ts";

/**
 * True if the edge writer -> reader is kept; another edge carries zeros (zero ablation) or the values of
 * `ablated`.
 */
export type Kept = (writer: string, reader: string) => boolean;

/** Contribution of every writer to the stream, [positions * width], by name. */
export type Written = ReadonlyMap<string, Float64Array>;

export interface ForwardOptions {
  /** Absent: all edges are kept. */
  readonly kept?: Kept;
  /** Content of edges that are not kept: the writers of another run. Absent: zeros. */
  readonly ablated?: Written;
}

export interface ForwardResult {
  /** [positions, vocabulary] */
  readonly logits: Float64Array[];
  readonly written: Written;
}

/** Runs on token ids, the beginning token among them. */
export function forward(
  plan: CompiledProgram,
  tensors: ReadonlyMap<string, DenseTensor>,
  tokens: ArrayLike<number>,
  { kept = () => true, ablated }: ForwardOptions = {},
): ForwardResult {
  const { width, layers, heads, headSize, mlpWidth } = plan;
  const length = tokens.length;
  const written = new Map<string, Float64Array>();
  const tensor = (name: string) => tensors.get(name)!.data;

  // What a reader gets over edges that are all cut; those that are kept are put in its place.
  const cut = new Float64Array(length * width);
  const write = (writer: string, own: Float64Array): void => {
    written.set(writer, own);
    ablated?.get(writer)?.forEach((value, i) => cut[i] += value);
  };
  const mixFor = (reader: string): Float64Array => {
    const mix = cut.slice();
    for (const [writer, own] of written) {
      if (!kept(writer, reader)) continue;
      const other = ablated?.get(writer);
      for (let i = 0; i < mix.length; i++) mix[i] += own[i] - (other?.[i] ?? 0);
    }
    return mix;
  };

  const [tok, pos] = [new Float64Array(length * width), new Float64Array(length * width)];
  const [tokenEmbedding, positionEmbedding] = [
    tensor("tokenEmbedding"),
    tensor("positionEmbedding"),
  ];
  for (let p = 0; p < length; p++) {
    for (let d = 0; d < width; d++) {
      tok[p * width + d] = tokenEmbedding[tokens[p] * width + d];
      pos[p * width + d] = positionEmbedding[p * width + d];
    }
  }
  write("tok", tok);
  write("pos", pos);

  for (let layer = 0; layer < layers; layer++) {
    const weight = (name: LayerTensor) => tensor(layerTensorName(layer, name));
    const outputs = new Map<string, Float64Array>();
    for (let head = 0; head < heads; head++) {
      const name = `a${layer}.h${head}`;
      if (!plan.headPlans.some((each) => each.layer === layer && each.head === head)) {
        // It only fills its layer up: its weights are zeros.
        outputs.set(name, new Float64Array(length * width));
        continue;
      }
      const part = (matrix: LayerTensor) => headPart(plan, weight(matrix), head);
      const project = (kind: "q" | "k" | "v", matrix: LayerTensor) =>
        product(mixFor(`${name}.${kind}`), part(matrix), length, width, headSize);
      const [query, key, value] = [
        project("q", "query"),
        project("k", "key"),
        project("v", "value"),
      ];
      const bias = weight("queryBias").subarray(head * headSize, (head + 1) * headSize);
      query.forEach((_, i) => query[i] += bias[i % headSize]);
      const looked = attend(query, key, value, length, headSize, plan.program.mask === "causal");
      outputs.set(name, product(looked, part("output"), length, headSize, width));
    }
    for (const [name, output] of outputs) write(name, output);
    const hidden = product(mixFor(`m${layer}`), weight("up"), length, width, mlpWidth);
    const upBias = weight("upBias");
    hidden.forEach((x, i) => hidden[i] = Math.max(0, x + upBias[i % mlpWidth]));
    write(`m${layer}`, product(hidden, weight("down"), length, mlpWidth, width));
  }
  const vocabulary = plan.tokens.length;
  const logits = product(mixFor("logits"), tensor("unembedding"), length, width, vocabulary);
  return {
    logits: Array.from({ length }, (_, p) => logits.subarray(p * vocabulary, (p + 1) * vocabulary)),
    written,
  };
}

/** [rows, inner] times [inner, columns]. */
function product(
  a: Float64Array,
  b: ArrayLike<number>,
  rows: number,
  inner: number,
  columns: number,
): Float64Array {
  const result = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < inner; i++) {
      const factor = a[r * inner + i];
      if (factor === 0) continue;
      for (let c = 0; c < columns; c++) result[r * columns + c] += factor * b[i * columns + c];
    }
  }
  return result;
}

function attend(
  query: Float64Array,
  key: Float64Array,
  value: Float64Array,
  length: number,
  size: number,
  causal: boolean,
): Float64Array {
  const result = new Float64Array(length * size);
  for (let q = 0; q < length; q++) {
    const seen = causal ? q + 1 : length;
    const scores = Array.from({ length: seen }, (_, k) => {
      let score = 0;
      for (let i = 0; i < size; i++) score += query[q * size + i] * key[k * size + i];
      return score;
    });
    const top = Math.max(...scores);
    const shares = scores.map((score) => Math.exp(score - top));
    const sum = shares.reduce((a, b) => a + b);
    shares.forEach((share, k) => {
      for (let i = 0; i < size; i++) result[q * size + i] += share / sum * value[k * size + i];
    });
  }
  return result;
}
