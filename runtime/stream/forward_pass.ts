/**
 * The masked forward pass: mixing and layers in turn, then the logits. Axes: N tokens of the batch, padding included, D
 * the width.
 *
 * @module
 */
import type { View, Views } from "../engine/session.ts";
import { gatherField } from "./cache.ts";
import { type Context, type Pass, tokensOf } from "./context.ts";
import { ownMlpEdges } from "./live_subgraph.ts";
import { block } from "./layout.ts";
import type { LossForm } from "../metrics/mod.ts";
import type { LayerSessions } from "./sessions.ts";
import { addExtraEdges, ownMasksByRow } from "./batched_masks.ts";

/**
 * The stack: writers' differences d_w, one row each, [writers + 1, N * D], writers as the subgraph lists them. The last
 * row is room for the corrupted stream, which enters each mix with mask 1.
 *
 * @param keep keeps what layers read and save for a backward pass
 * @param from a stack that holds the rows of all layers below `layer`; the pass begins there (restart.ts)
 */
export async function forwardPass(
  context: Context,
  pass: Pass,
  keep: boolean,
  from?: { readonly stack: Float32Array; readonly layer: number },
): Promise<Float32Array> {
  const { architecture: a, blocks, arena, universe, mixing } = context;
  const { sessions, examples, masks, subgraph } = pass;
  const { length } = sessions.shape;
  const tokens = tokensOf(pass);
  const columns = tokens * a.width;
  const stack = from?.stack ?? arena.data("stack", (subgraph.writers.length + 1) * columns);
  const rows = (start: number, count: number) =>
    stack.subarray(start * columns, (start + count) * columns);
  const mix = await mixing.mix();
  universe.writers.filter(({ layer }) => layer < 0).forEach((_, e) =>
    gatherField(examples, blocks, `difference.${e}`, length, rows(e, 1))
  );
  for (let layer = from?.layer ?? 0; layer < a.layers; layer++) {
    const { firstWriter, firstReader, readers, heads, mlp } = subgraph.layers[layer];
    if (readers === 0) continue;
    // The layer's first writer overwrites this row, after its last reader.
    gatherField(examples, blocks, `before.${layer}`, length, rows(firstWriter, 1));
    const mixes = mixesOf(context, pass, layer, keep);
    const layerReaders = subgraph.readers.slice(firstReader, firstReader + readers);
    await mix.run({
      z: {
        data: block(
          masks,
          universe.writers.length,
          layerReaders,
          subgraph.writers.slice(0, firstWriter),
          1,
        ),
        dims: [readers, firstWriter + 1],
      },
      stack: { data: rows(0, firstWriter + 1), dims: [firstWriter + 1, columns] },
    }, { mix: { data: mixes, dims: [readers, columns] } });
    addExtraEdges(universe, pass, mixes, stack, layerReaders, firstWriter, length * a.width);

    const field = (name: string, width: number): View => {
      const view = arena.view(name, [tokens, width]);
      gatherField(examples, blocks, `${name}.${layer}`, length, view.data);
      return view;
    };
    const inputs: Record<string, View> = {
      ...splitMixes(context, pass, layer, mixes),
      ...choiceOf(pass, layer),
    };
    const outputs: Record<string, View> = {};
    if (heads.length > 0) {
      inputs.heads = field("heads", a.heads * a.headSize);
      outputs.headDifferences = {
        data: rows(firstWriter, heads.length),
        dims: [heads.length, tokens, a.width],
      };
    }
    if (mlp) {
      inputs.attention = field("attention", a.width);
      inputs.mlp = field("mlp", a.width);
      outputs.mlpDifference = {
        data: rows(firstWriter + heads.length, 1),
        dims: [tokens, a.width],
      };
    }
    const own = heads.length > 0 && mlp ? ownMasks(context, pass, layer) : undefined;
    if (own) inputs.z = own;
    const sessions = layerSessions(pass, layer, own && own.dims.length > 2);
    for (const { name, dims } of sessions.saved) {
      outputs[name] = arena.view(keep ? savedName(name, layer) : name, dims);
    }
    await (await sessions.forward()).run(inputs, outputs);
  }
  return stack;
}

/** The sessions of a layer's live part. */
export function layerSessions(
  { sessions, subgraph }: Pass,
  layer: number,
  masksByRow = false,
): LayerSessions {
  const { heads, mlp } = subgraph.layers[layer];
  return sessions.layer(layer, { heads: heads.length, mlp, masksByRow });
}

/** Name of the buffer of a value that a layer saves. */
export const savedName = (name: string, layer: number): string => `${name}.${layer}`;

/** Buffer of a layer's mixes, [readers, N * D]: each layer's own where they are kept, else one for all layers. */
export function mixesOf(
  { architecture: a, arena }: Context,
  pass: Pass,
  layer: number,
  keep: boolean,
): Float32Array {
  const columns = tokensOf(pass) * a.width;
  const { firstReader, readers } = pass.subgraph.layers[layer];
  return keep
    ? arena.data("mixes", pass.subgraph.readers.length * columns).subarray(
      firstReader * columns,
      (firstReader + readers) * columns,
    )
    : arena.data("mixes", readers * columns);
}

/**
 * A layer's mixes [readers, N * D] by their names in its graphs, or with the suffix `Gradient` their gradients. The MLP's
 * row is the last.
 */
export function splitMixes(
  { architecture: a }: Context,
  pass: Pass,
  layer: number,
  mixes: Float32Array,
  suffix = "",
): Views {
  const tokens = tokensOf(pass);
  const { attentionReaders, mlp } = pass.subgraph.layers[layer];
  const readers = attentionReaders.length;
  const split = readers * tokens * a.width;
  return {
    ...(readers > 0 && {
      [`attentionMix${suffix}`]: {
        data: mixes.subarray(0, split),
        dims: [readers, tokens, a.width],
      },
    }),
    ...(mlp && {
      [`mlpMix${suffix}`]: { data: mixes.subarray(split), dims: [tokens, a.width] },
    }),
  };
}

/** Numbers of the live heads and readers of a layer, which graphs of a part of a layer take. */
export function choiceOf({ subgraph }: Pass, layer: number): Views {
  const { heads, attentionReaders } = subgraph.layers[layer];
  const numbers = (list: readonly number[]): View => ({
    data: BigInt64Array.from(list, BigInt),
    dims: [list.length],
  });
  return { headNumbers: numbers(heads), readerNumbers: numbers(attentionReaders) };
}

/** Masks of the edges from a layer's heads to its own MLP, [1, heads], or [batch, 1, heads] where they differ by row. */
export function ownMasks({ universe }: Context, pass: Pass, layer: number): View {
  const edges = ownMlpEdges(pass.subgraph, layer);
  const { rows, columns } = edges;
  const byRow = ownMasksByRow(universe, pass, edges);
  return byRow ? { data: byRow, dims: [pass.sessions.shape.batch, 1, columns.length] } : {
    data: block(pass.masks, universe.writers.length, rows, columns),
    dims: [1, columns.length],
  };
}

/** The mix of the logits at the answers, [batch, D], and the writers' differences there, [writers + 1, batch * D]. */
export async function logitsRead(context: Context, pass: Pass, stack: Float32Array) {
  const { architecture: a, universe, arena, mixing } = context;
  const { sessions, examples, masks, subgraph } = pass;
  const { batch, length } = sessions.shape;
  const columns = tokensOf(pass) * a.width;
  const count = subgraph.writers.length;
  const rows = arena.view("rows", [count + 1, batch * a.width]);
  examples.forEach(({ length: tokens, final }, i) => {
    for (let w = 0; w < count; w++) {
      const from = w * columns + (i * length + tokens - 1) * a.width;
      rows.data.set(stack.subarray(from, from + a.width), (w * batch + i) * a.width);
    }
    rows.data.set(final, (count * batch + i) * a.width);
  });
  const read = arena.view("read", [batch, a.width]);
  const logits = subgraph.readers.slice(-1);
  const session = await mixing.mix();
  await session.run({
    z: {
      data: block(masks, universe.writers.length, logits, subgraph.writers, 1),
      dims: [1, count + 1],
    },
    stack: rows,
  }, { mix: { data: read.data, dims: [1, batch * a.width] } });
  addExtraEdges(universe, pass, read.data, rows.data, logits, count, a.width);
  return { read, rows };
}

/** Runs the graph from the logits' mix to the loss, for the outputs that are given. */
export async function logitsPass(
  { sessions }: Pass,
  loss: LossForm,
  inputs: Views,
  outputs: Views,
): Promise<void> {
  const session = await sessions.logits(loss, "readGradient" in outputs);
  await session.run(inputs, outputs);
}

/** The full model's log-probabilities at the answers, [batch, vocabulary]. */
export function targetsOf({ architecture: a, arena }: Context, { examples }: Pass): View {
  const view = arena.view("target", [examples.length, a.vocabulary]);
  examples.forEach(({ target }, i) => view.data.set(target, i * a.vocabulary));
  return view;
}
