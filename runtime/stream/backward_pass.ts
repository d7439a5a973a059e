/**
 * The backward pass, from a loss at the answers to the derivative with respect to every mask.
 *
 * Reader r reads `h_r = base_r + sum_w z_rw d_w`, so `dL/dz_rw = <dL/dh_r, d_w>`, and `dL/dd_w = sum_r z_rw dL/dh_r`.
 *
 * @module
 */
import type { View, Views } from "../engine/session.ts";
import { type Context, type Pass, tokensOf } from "./context.ts";
import { ownMlpEdges } from "./live_subgraph.ts";
import {
  choiceOf,
  forwardPass,
  layerSessions,
  logitsPass,
  logitsRead,
  mixesOf,
  ownMasks,
  savedName,
  splitMixes,
  targetsOf,
} from "./forward_pass.ts";
import { addBlock, block } from "./layout.ts";
import { formOf, type Loss, setsOf } from "../metrics/mod.ts";

/**
 * Adds the derivative of `sum_i weight_i loss_i` to `total` [readers, writers] of the universe, and returns the sum.
 *
 * @param weight weight of each row's loss, [batch]
 * @param differencesAt masks [readers, writers] under which the writers' differences d_w are taken, in place of the
 *   pass's own; the pass's subgraph must then be full. Attribution along a path of inputs takes those at its end (Hanna et
 *   al. 2024, arXiv:2403.17806).
 */
export async function gradientPass(
  context: Context,
  pass: Pass,
  loss: Loss,
  weight: Float32Array,
  total: Float32Array,
  differencesAt: Float32Array | null = null,
): Promise<number> {
  const { architecture: a, universe, arena, mixing } = context;
  const { subgraph } = pass;
  const { batch, length } = pass.sessions.shape;
  const columns = tokensOf(pass) * a.width;
  const reference = differencesAt && await referenceOf(context, pass, differencesAt);
  const stack = await forwardPass(context, pass, true);
  const { read, rows } = await logitsRead(context, pass, stack);

  const rowLoss = arena.view("rowLoss", [batch, 1]);
  const readGradient = arena.view("readGradient", [batch, a.width]);
  const inputs = {
    read,
    ...inputsOf(context, pass, loss),
    weight: { data: weight, dims: [batch, 1] },
  };
  await logitsPass(pass, formOf(loss), inputs, { rowLoss, readGradient });
  const maskGradient = await mixing.maskGradient();
  const count = subgraph.writers.length;
  const logitsMasks = arena.view("zGradient.logits", [1, count]);
  await maskGradient.run({
    mixGradient: { data: readGradient.data, dims: [1, batch * a.width] },
    stack: {
      data: (reference?.rows ?? rows.data).subarray(0, count * batch * a.width),
      dims: [count, batch * a.width],
    },
  }, { zGradient: logitsMasks });
  addBlock(
    total,
    universe.writers.length,
    subgraph.readers.slice(-1),
    subgraph.writers,
    logitsMasks.data,
  );

  // Readers' gradients take the place of what they read, from the last reader back.
  const mixes = arena.data("mixes", subgraph.readers.length * columns);
  const last = mixes.subarray((subgraph.readers.length - 1) * columns).fill(0);
  pass.examples.forEach((example, i) => {
    const row = readGradient.data.subarray(i * a.width, (i + 1) * a.width);
    last.set(row, (i * length + example.length - 1) * a.width);
  });
  for (let layer = a.layers - 1; layer >= 0; layer--) {
    if (subgraph.layers[layer].readers > 0) {
      await layerGradient(context, pass, layer, stack, reference?.stack ?? stack, mixes, total);
    }
  }
  return rowLoss.data.reduce((sum, value, i) => sum + weight[i] * value, 0);
}

/** Writers' differences under other masks: the stack [writers + 1, N * D], and its rows at the answers. */
async function referenceOf(context: Context, pass: Pass, masks: Float32Array) {
  const { arena } = context;
  const other: Pass = { ...pass, masks };
  const stack = await forwardPass(context, other, false);
  const { rows } = await logitsRead(context, other, stack);
  const kept = arena.data("stack.reference", stack.length);
  kept.set(stack);
  const keptRows = arena.data("rows.reference", rows.data.length);
  keptRows.set(rows.data as Float32Array);
  return { stack: kept, rows: keptRows };
}

/**
 * One layer backward: replaces what its readers read by the readers' gradients, and adds the derivatives of its masks to
 * `total` [readers, writers].
 *
 * @param stack writers' differences [writers + 1, N * D] of the pass
 * @param differences those that the masks' derivatives are taken with: the stack, or a reference's
 * @param mixes [readers, N * D]; readers of later layers hold their gradients
 */
async function layerGradient(
  context: Context,
  pass: Pass,
  layer: number,
  stack: Float32Array,
  differences: Float32Array,
  mixes: Float32Array,
  total: Float32Array,
): Promise<void> {
  const { architecture: a, universe, arena, mixing } = context;
  const { masks, subgraph } = pass;
  const { firstWriter, writers, firstReader, readers, heads, mlp } = subgraph.layers[layer];
  const tokens = tokensOf(pass);
  const columns = tokens * a.width;
  const stride = universe.writers.length;
  const sessions = layerSessions(pass, layer);

  const next = firstReader + readers;
  const later = subgraph.readers.slice(next);
  const seeds = arena.data("writerGradient", writers * columns);
  await (await mixing.writerGradient()).run({
    z: {
      data: block(masks, stride, later, subgraph.writers.slice(firstWriter, firstWriter + writers)),
      dims: [later.length, writers],
    },
    mixGradient: { data: mixes.subarray(next * columns), dims: [later.length, columns] },
  }, { writerGradient: { data: seeds, dims: [writers, columns] } });

  const own = mixesOf(context, pass, layer, true);
  const inputs: Record<string, View> = {
    ...splitMixes(context, pass, layer, own),
    ...choiceOf(pass, layer),
  };
  for (const { name, dims } of sessions.saved) {
    inputs[name] = arena.view(savedName(name, layer), dims);
  }
  const split = heads.length * columns;
  if (heads.length > 0) {
    const dims = [heads.length, tokens, a.width];
    const start = firstWriter * columns;
    inputs.headDifferences = { data: stack.subarray(start, start + split), dims };
    inputs.headGradient = { data: seeds.subarray(0, split), dims };
  }
  if (mlp) inputs.mlpGradient = { data: seeds.subarray(split), dims: [tokens, a.width] };
  const outputs: Record<string, View> = { ...splitMixes(context, pass, layer, own, "Gradient") };
  const intoOwnMlp = heads.length > 0 && mlp && a.residual === "sequential";
  const ownGradient = arena.view("zGradient.own", [1, heads.length]);
  if (intoOwnMlp) {
    inputs.z = ownMasks(context, pass, layer);
    outputs.zGradient = ownGradient;
  }
  await (await sessions.backward()).run(inputs, outputs);
  if (intoOwnMlp) {
    if (differences !== stack) {
      // The MLP's row of `own` now holds the gradient of what it reads.
      const start = firstWriter * columns;
      await (await mixing.maskGradient()).run({
        mixGradient: { data: own.subarray((readers - 1) * columns), dims: [1, columns] },
        stack: { data: differences.subarray(start, start + split), dims: [heads.length, columns] },
      }, { zGradient: ownGradient });
    }
    const edges = ownMlpEdges(subgraph, layer);
    addBlock(total, stride, edges.rows, edges.columns, ownGradient.data);
  }

  const maskGradient = arena.view("zGradient.mix", [readers, firstWriter]);
  await (await mixing.maskGradient()).run({
    mixGradient: { data: own, dims: [readers, columns] },
    stack: { data: differences.subarray(0, firstWriter * columns), dims: [firstWriter, columns] },
  }, { zGradient: maskGradient });
  const rows = subgraph.readers.slice(firstReader, next);
  addBlock(total, stride, rows, subgraph.writers.slice(0, firstWriter), maskGradient.data);
}

/** Inputs of a loss besides the logits, [batch, vocabulary] each. */
function inputsOf(context: Context, pass: Pass, loss: Loss): Views {
  switch (loss.kind) {
    case "kl":
      return { target: targetsOf(context, pass) };
    case "logits":
    case "probabilities":
      return { target: rowsOf(context, pass, "target", loss.coefficients) };
    case "expression":
      return Object.fromEntries(
        [...setsOf(loss.expression)].map((set) => [set, rowsOf(context, pass, set, loss[set])]),
      );
  }
}

/** Rows of a matrix [examples, vocabulary] in the order of a pass, [batch, vocabulary]; any row where weights are 0. */
function rowsOf(
  { architecture: a, arena }: Context,
  { chosen }: Pass,
  name: string,
  matrix: Float32Array,
): View {
  const view = arena.view(name, [chosen.length, a.vocabulary]);
  chosen.forEach((i, row) => {
    const from = Math.max(i, 0) * a.vocabulary;
    view.data.set(matrix.subarray(from, from + a.vocabulary), row * a.vocabulary);
  });
  return view;
}
