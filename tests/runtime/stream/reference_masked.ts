/**
 * Every ablation with a mask per edge in float64, writer by writer and reader by reader, with nothing
 * folded, stacked or cached. It is slow and exists to be compared with.
 *
 * @module
 */
import type { Ablation } from "../../../runtime/universe/ablations.ts";
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

/** The logits of every position of a clean prompt when edge e carries `z[e]` of the clean side. */
type Masked = (z: ArrayLike<number>) => Promise<Rows>;

/** Interchange ablation: the rest of an edge is its writer's on the corrupted prompt. */
export async function maskedReference(
  model: Model,
  load: Load,
  universe: Universe,
  clean: readonly number[],
  corrupted: readonly number[],
): Promise<Masked> {
  const written = await writtenOn(model, load, universe, corrupted);
  return ablated(model, load, universe, clean, (writer, position) => written[writer][position]);
}

/**
 * Any ablation of one clean prompt.
 *
 * @param meanOver corrupted prompts that a mean is over
 */
export async function ablationReference(
  ablation: Ablation,
  model: Model,
  load: Load,
  universe: Universe,
  { clean, corrupted, meanOver }: {
    readonly clean: readonly number[];
    readonly corrupted: readonly number[];
    readonly meanOver: readonly (readonly number[])[];
  },
): Promise<Masked> {
  if (ablation === "interchange") {
    return await maskedReference(model, load, universe, clean, corrupted);
  }
  const nothing = new Float64Array(model.architecture.width);
  if (ablation === "zero") return ablated(model, load, universe, clean, () => nothing);
  const written: Rows[][] = [];
  for (const prompt of meanOver) written.push(await writtenOn(model, load, universe, prompt));
  const meanOf = (rows: Rows) =>
    nothing.map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length);
  const byPosition = ablation === "mean_by_position";
  return ablated(
    model,
    load,
    universe,
    clean,
    (writer, position) =>
      meanOf(
        written.flatMap((of) => byPosition ? of[writer].slice(position, position + 1) : of[writer]),
      ),
  );
}

/** @param content row in place of what a writer adds at a position, [width] */
function ablated(
  model: Model,
  load: Load,
  universe: Universe,
  clean: readonly number[],
  content: (writer: number, position: number) => Float64Array,
): Masked {
  const closed: readonly Rows[] = universe.writers.map((_, writer) =>
    clean.map((_, position) => content(writer, position))
  );
  return async (z) => {
    const circuit = await run(model, load, universe, clean, (reader, written, constant) => {
      const sum = copy(constant);
      for (let w = 0; w < universe.readers[reader].prefix; w++) {
        const edge = edgeNumber(universe, w, reader);
        const mask = edge === undefined ? 1 : z[edge];
        addRows(sum, written[w], mask);
        addRows(sum, closed[w], 1 - mask);
      }
      return sum;
    });
    return circuit.logits;
  };
}

/** Outputs of all writers on a prompt, [writers][positions][width]. */
async function writtenOn(
  model: Model,
  load: Load,
  universe: Universe,
  prompt: readonly number[],
): Promise<Rows[]> {
  const { written } = await run(model, load, universe, prompt, (reader, written, constant) => {
    const sum = copy(constant);
    for (let w = 0; w < universe.readers[reader].prefix; w++) addRows(sum, written[w], 1);
    return sum;
  });
  return written;
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
        const shared = count < a.heads ? "kv" : "h";
        const name = universe.convention.qkv === "joint"
          ? `a${layer}.h${head}`
          : `a${layer}.${shared}${head}.${kind}`;
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
