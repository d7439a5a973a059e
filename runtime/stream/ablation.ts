/**
 * Rows of the zero and mean ablations. Under interchange ablation a masked-out edge carries what its writer adds on the
 * example's own corrupted prompt; the other ablations put rows in its place that are the same for all examples.
 *
 * @module
 */
import type { Device } from "../engine/mod.ts";
import { openSession, type View } from "../engine/session.ts";
import { type BlockLayout, fieldOf } from "./cache.ts";
import { attentionBiasGraph } from "./graphs.ts";
import { type GraphModel, weightsFolder } from "./weights.ts";

/** Rows in place of the corrupted run. */
export interface AblatedRows {
  /** Completes an example's block of `tokens` tokens, whose fields `difference.E` hold the clean embeddings. */
  fill(block: Float32Array, tokens: number): void;
  /** The stream after the last layer at a position, [D]. */
  final(position: number): Float32Array;
}

/**
 * Rows by position, or one row for all positions. A row holds every field of a block for one token, [columns]; its fields
 * `difference.E` hold the embeddings themselves.
 */
function ablatedRows(
  blocks: BlockLayout,
  layers: number,
  rows: readonly Float32Array[],
): AblatedRows {
  const rowAt = (position: number) => rows[Math.min(position, rows.length - 1)];
  const part = (row: Float32Array, name: string) => {
    const { start, columns } = blocks.fields.get(name)!;
    return row.subarray(start, start + columns);
  };
  return {
    fill(block, tokens) {
      for (const { name, columns } of blocks.fields.values()) {
        const field = fieldOf(block, blocks, tokens, name);
        for (let t = 0; t < tokens; t++) {
          const target = field.subarray(t * columns, (t + 1) * columns);
          const value = part(rowAt(t), name);
          if (name.startsWith("difference.")) {
            target.forEach((clean, i) => target[i] = clean - value[i]);
          } else target.set(value);
        }
      }
    },
    final(position) {
      const row = rowAt(position);
      const [before, attention, mlp] = ["before", "attention", "mlp"].map((name) =>
        part(row, `${name}.${layers - 1}`)
      );
      return before.map((value, i) => value + attention[i] + mlp[i]);
    },
  };
}

/** One row in which no writer adds anything. The stream then holds the attentions' biases, which belong to no writer. */
export async function zeroRows(
  device: Device,
  model: GraphModel,
  blocks: BlockLayout,
): Promise<AblatedRows> {
  const { layers, heads, headSize, width } = model.architecture;
  const { graph, outputs } = attentionBiasGraph(model);
  const session = await openSession(device, graph, outputs, {
    weightsFolder: weightsFolder(model),
  });
  const biases: Record<string, View & { data: Float32Array }> = {};
  for (const name of Object.keys(outputs)) {
    biases[name] = { data: new Float32Array(width), dims: [1, width] };
  }
  const nothing = { data: new Float32Array(heads * headSize), dims: [1, heads * headSize] };
  await session.run({ heads: nothing }, biases);
  await session.release();

  const row = new Float32Array(blocks.columns);
  const stream = new Float32Array(width);
  for (let layer = 0; layer < layers; layer++) {
    const { data } = biases[`attention.${layer}`];
    row.set(stream, blocks.fields.get(`before.${layer}`)!.start);
    row.set(data, blocks.fields.get(`attention.${layer}`)!.start);
    data.forEach((value, i) => stream[i] += value);
  }
  return ablatedRows(blocks, layers, [row]);
}

/**
 * Rows of the mean over examples, at each position or over all positions.
 *
 * @param sums rows by position, summed over the examples that reach it, [positions][columns]
 * @param counts examples that reach each position, [positions]
 */
export function meanRows(
  blocks: BlockLayout,
  layers: number,
  ablation: "mean" | "mean_by_position",
  sums: readonly Float64Array[],
  counts: readonly number[],
): AblatedRows {
  if (ablation === "mean_by_position") {
    return ablatedRows(
      blocks,
      layers,
      sums.map((sum, p) => Float32Array.from(sum, (x) => x / counts[p])),
    );
  }
  const total = counts.reduce((a, b) => a + b, 0);
  const row = new Float64Array(blocks.columns);
  for (const sum of sums) sum.forEach((value, i) => row[i] += value / total);
  return ablatedRows(blocks, layers, [Float32Array.from(row)]);
}
