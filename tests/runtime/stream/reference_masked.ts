/**
 * Interchange ablation with a mask per edge in float64, writer by writer and reader by reader, with nothing
 * folded, stacked or cached. It is slow and exists to be compared with.
 *
 * @module
 */
import { edgeNumber, type Universe } from "../../../runtime/universe/universe.ts";
import type { DenseTensor, Model, WeightView } from "../../../runtime/models/mod.ts";
import { readView } from "../models/values.ts";
import {
  attentionParts,
  embeddings,
  type Load,
  logitsOf,
  mlp,
  type Rows,
} from "../models/reference_forward.ts";

/** Weights read once. */
export function loader(model: Model): Load {
  const loaded = new Map<string, Promise<DenseTensor>>();
  return (view: WeightView) => {
    const key = JSON.stringify(view);
    let tensor = loaded.get(key);
    if (!tensor) loaded.set(key, tensor = readView(model.tensors, view));
    return tensor;
  };
}

/** Input of a reader, from the values written so far and the biases so far. */
type Read = (reader: number, written: readonly Rows[], constant: Rows) => Rows;

/**
 * Runs the corrupted prompt once; the result gives the logits of every position of the clean prompt when
 * edge e carries `z[e]` of the clean side.
 */
export async function maskedReference(
  model: Model,
  load: Load,
  universe: Universe,
  clean: readonly number[],
  corrupted: readonly number[],
): Promise<(z: ArrayLike<number>) => Promise<Rows>> {
  const base = await run(model, load, universe, corrupted, (reader, written, constant) => {
    const sum = copy(constant);
    for (let w = 0; w < universe.readers[reader].prefix; w++) addRows(sum, written[w], 1);
    return sum;
  });
  return async (z) => {
    const circuit = await run(model, load, universe, clean, (reader, written, constant) => {
      const sum = copy(constant);
      for (let w = 0; w < universe.readers[reader].prefix; w++) {
        const edge = edgeNumber(universe, w, reader);
        const mask = edge === undefined ? 1 : z[edge];
        addRows(sum, written[w], mask);
        addRows(sum, base.written[w], 1 - mask);
      }
      return sum;
    });
    return circuit.logits;
  };
}

async function run(
  model: Model,
  load: Load,
  universe: Universe,
  tokens: readonly number[],
  read: Read,
): Promise<{ written: Rows[]; logits: Rows }> {
  const { architecture: a, weights } = model;
  const number = new Map(universe.readers.map(({ name }, r) => [name, r]));
  const constant: Rows = tokens.map(() => new Float64Array(a.width));
  const written = await embeddings(model, load, tokens);
  if (universe.convention.embeddings !== "split" && written.length === 2) {
    addRows(written[0], written.pop()!, 1);
  }
  for (const [layer, layerWeights] of weights.layers.entries()) {
    const readBy = (count: number, kind: string) =>
      Array.from({ length: count }, (_, head) => {
        const name = universe.convention.qkv === "joint"
          ? `a${layer}.h${head}`
          : `a${layer}.h${head}.${kind}`;
        return read(number.get(name)!, written, constant);
      });
    const parts = await attentionParts(a, a.settings[layer], layerWeights, load, {
      query: readBy(a.heads, "q"),
      key: readBy(a.keyValueHeads, "k"),
      value: readBy(a.keyValueHeads, "v"),
    });
    const mlpReader = number.get(`m${layer}`)!;
    const before = read(mlpReader, [...written, ...parts.heads], constant);
    written.push(...parts.heads);
    addRows(constant, parts.bias, 1);
    // The attention's bias joins the stream with the heads: a parallel MLP reads neither.
    if (a.residual === "sequential") addRows(before, parts.bias, 1);
    written.push(await mlp(a, layerWeights, load, before));
  }
  const last = read(universe.readers.length - 1, written, constant);
  return { written, logits: await logitsOf(model, load, last) };
}

function copy(rows: Rows): Rows {
  return rows.map((row) => row.slice());
}

function addRows(target: Rows, rows: Rows, factor: number): void {
  rows.forEach((row, p) => {
    for (let i = 0; i < row.length; i++) target[p][i] += factor * row[i];
  });
}
