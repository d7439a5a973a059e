/**
 * Graphs of the disentangled residual stream, each built for one batch shape.
 *
 * A pass alternates two kinds of work. *Mixing* is linear and has no weights: a layer's readers read `Z S + base`, one
 * product of their mask block Z [readers, writers] with the stack S [writers, N * D] of all earlier writers' differences.
 * A *layer* turns what its readers read into its own writers' differences. Backward, a layer turns the gradients of its
 * writers into those of its readers, and mixing turns readers' gradients G [readers, N * D] into those of the masks,
 * `G S^T`, and of earlier writers, `Z^T G`.
 *
 * @module
 */
import * as ops from "../../ops/mod.ts";
import type { BatchShape } from "./attention.ts";
import {
  attentionOutput,
  headOutputs,
  headsByHead,
  headsByToken,
  mlpOutput,
  writerMatrix,
} from "./layer.ts";
import type { LossForm } from "../metrics/mod.ts";
import { lossOf } from "./loss.ts";
import { centre, normalise } from "./norm.ts";
import { type GraphModel, type Weights, weightsIn } from "./weights.ts";

/** A graph and its outputs. */
export interface BuiltGraph {
  readonly graph: ops.Graph;
  readonly outputs: ops.Outputs;
}

/**
 * The ordinary model. Inputs: `tokens` [N] and `rows` [M], the positions in N whose logits are wanted.
 * Outputs, token by token and centred where the norm would: `tok`, `pos` (embeddings), `before.L` (the stream
 * before layer L), `heads.L` [N, H*S], `attention.L` and `mlp.L` (what the sublayers add) [N, D]; `final` [M, D];
 * `logits` [M, vocabulary].
 */
export function denseGraph(model: GraphModel, shape: BatchShape, rows: number): BuiltGraph {
  const { architecture: a, weights: map } = model;
  const tokens = shape.batch * shape.length;
  const graph = new ops.Graph("dense");
  const weights = weightsIn(graph, model);
  const outputs: Record<string, ops.Value> = {};
  const ids = graph.input("tokens", "int64", [tokens]);
  const wanted = graph.input("rows", "int64", [rows]);

  outputs.tok = centre(
    a.norm,
    ops.scale(ops.gather(weights(map.tokenEmbedding), ids), a.embeddingScale),
  );
  let stream = outputs.tok;
  if (map.positionEmbedding) {
    outputs.pos = centre(a.norm, positions(weights, shape));
    stream = ops.add(stream, outputs.pos);
  }
  for (let layer = 0; layer < a.layers; layer++) {
    outputs[`before.${layer}`] = stream;
    const read = ops.reshape(stream, [1, tokens, a.width]);
    const heads = headsByToken(headOutputs(weights, layer, read, shape, "split").result);
    outputs[`heads.${layer}`] = heads;
    const attention = centre(a.norm, attentionOutput(weights, layer, heads));
    outputs[`attention.${layer}`] = attention;
    const middle = ops.add(stream, attention);
    const mlp = centre(
      a.norm,
      mlpOutput(weights, layer, a.residual === "parallel" ? stream : middle).result,
    );
    outputs[`mlp.${layer}`] = mlp;
    stream = ops.add(middle, mlp);
  }
  outputs.final = ops.gather(stream, wanted);
  outputs.logits = logitsOf(weights, outputs.final);
  return { graph, outputs };
}

/** Outputs `attention.L` [1, D], centred: each attention's addition when its heads' outputs are 0, its bias. */
export function attentionBiasGraph(model: GraphModel): BuiltGraph {
  const { architecture: a } = model;
  const graph = new ops.Graph("attention_biases");
  const weights = weightsIn(graph, model);
  const heads = graph.input("heads", "float32", [1, a.heads * a.headSize]);
  return {
    graph,
    outputs: Object.fromEntries(
      Array.from({ length: a.layers }, (_, layer) => [
        `attention.${layer}`,
        centre(a.norm, attentionOutput(weights, layer, heads)),
      ]),
    ),
  };
}

/** Position embeddings of a batch, [N, D]. */
function positions(weights: Weights, { batch, length }: BatchShape): ops.Value {
  const { width } = weights.model.architecture;
  const { tensor, dims, steps } = weights.model.weights.positionEmbedding!;
  const table = weights({
    tensor,
    dims,
    steps: [...steps, { kind: "slice", axis: 0, start: 0, end: length }],
  });
  return ops.reshape(ops.expand(ops.reshape(table, [1, length, width]), [batch, length, width]), [
    batch * length,
    width,
  ]);
}

/** Logits [M, vocabulary] of final stream rows [M, D], centred. */
function logitsOf(weights: Weights, rows: ops.Value): ops.Value {
  const { architecture: a, weights: map } = weights.model;
  let logits = weights.linear(normalise(a.norm, weights, map.finalNorm, rows), map.unembedding);
  if (map.unembeddingBias) logits = ops.add(logits, weights(map.unembeddingBias));
  return a.logitSoftCap === undefined ? logits : ops.softCap(logits, a.logitSoftCap);
}

/**
 * The three products of mixing, each with its factors, and true for a factor that is transposed:
 *
 * - `mix` [readers, columns]: mask block `z` [readers, writers] times `stack` [writers, columns];
 * - `zGradient` [readers, writers]: readers' gradients `mixGradient` [readers, columns] times `stack` transposed;
 * - `writerGradient` [writers, columns]: `z` transposed times `mixGradient`.
 */
const products = {
  mix: { left: "z", right: "stack", turned: [false, false] },
  zGradient: { left: "mixGradient", right: "stack", turned: [false, true] },
  writerGradient: { left: "z", right: "mixGradient", turned: [true, false] },
} as const;

/** The graph of a product. Shapes are left open: it is built for one size and serves all. */
export function mixingGraph(product: keyof typeof products): BuiltGraph {
  const graph = new ops.Graph(product);
  const { left, right, turned } = products[product];
  const input = (name: string) => graph.input(name, "float32", [1, 1]);
  return {
    graph,
    outputs: { [product]: ops.gemm(input(left), input(right), turned[0], turned[1]) },
  };
}

/** The part of a layer that is computed: a number of its heads, with or without its MLP. */
export interface LayerPart {
  readonly heads: number;
  readonly mlp: boolean;
  /** True where the edges from the heads to the MLP have masks by row of the batch; default: all rows have the same. */
  readonly masksByRow?: boolean;
}

/**
 * One masked layer, or a part of it, forward and backward.
 *
 * Forward inputs: `attentionMix` [readers, N, D] and `mlpMix` [N, D], what the readers read of earlier layers
 * (corrupted stream before the layer included); from the corrupted run `attention`, `mlp` [N, D] and `heads`
 * [N, H*S]; `z` [1, heads], the masks of the MLP's edges from this layer's heads (sequential residual only). With
 * fewer heads than the model has, `headNumbers` [heads] and `readerNumbers` [readers] say which.
 * Outputs: `headDifferences` [heads, N, D], `mlpDifference` [N, D], and `saved.I`, which the backward graph takes.
 *
 * Backward inputs besides: `headGradient`, `mlpGradient`, shaped like the differences. Outputs:
 * `attentionMixGradient`, `mlpMixGradient`, `zGradient`.
 */
export function layerGraphs(
  model: GraphModel,
  layer: number,
  shape: BatchShape,
  readers: "split" | "joint",
  part: LayerPart,
): {
  readonly forward: BuiltGraph;
  readonly backward: BuiltGraph & { readonly cuts: ops.Outputs };
} {
  const { architecture: a } = model;
  const tokens = shape.batch * shape.length;
  const graph = new ops.Graph(`layer${layer}`);
  const weights = weightsIn(graph, model);
  const input = (name: string, dims: readonly number[]) => graph.input(name, "float32", dims);
  const outputs: Record<string, ops.Value> = {};
  const saved: ops.Value[] = [];
  const seeds: ops.Seed[] = [];
  const targets: Record<string, ops.Value> = {};
  let own: ops.Value | undefined;

  if (part.heads > 0) {
    const groups = part.heads * a.keyValueHeads / a.heads;
    const readerCount = readers === "split" ? part.heads + 2 * groups : part.heads;
    const chosen = part.heads === a.heads ? undefined : {
      count: part.heads,
      heads: graph.input("headNumbers", "int64", [part.heads]),
      readers: graph.input("readerNumbers", "int64", [readerCount]),
    };
    const mix = input("attentionMix", [readerCount, tokens, a.width]);
    const all = headsByHead(input("heads", [tokens, a.heads * a.headSize]), a.heads);
    const corrupted = chosen ? ops.gather(all, chosen.heads) : all;
    const heads = headOutputs(weights, layer, mix, shape, readers, chosen);
    const differences = ops.matmul(
      ops.sub(heads.result, corrupted),
      writerMatrix(weights, layer, chosen),
    );
    outputs.headDifferences = differences;
    saved.push(...heads.saved);
    seeds.push({ value: differences, gradient: input("headGradient", differences.dims) });
    targets.attentionMixGradient = mix;
    if (a.residual === "sequential" && part.mlp) {
      const z = input("z", part.masksByRow ? [shape.batch, 1, part.heads] : [1, part.heads]);
      own = ops.reshape(
        part.masksByRow
          ? ops.matmul(z, rowsOf(differences, shape.batch))
          : ops.gemm(z, ops.reshape(differences, [part.heads, tokens * a.width]), false, false),
        [tokens, a.width],
      );
      targets.zGradient = z;
    }
  }
  if (part.mlp) {
    const mix = input("mlpMix", [tokens, a.width]);
    let read = mix;
    if (a.residual === "sequential") read = ops.add(read, input("attention", [tokens, a.width]));
    if (own) read = ops.add(read, own);
    const mlp = mlpOutput(weights, layer, read);
    outputs.mlpDifference = ops.sub(centre(a.norm, mlp.result), input("mlp", [tokens, a.width]));
    saved.push(...(read === mix ? [] : [read]), ...mlp.saved);
    seeds.push({ value: outputs.mlpDifference, gradient: input("mlpGradient", [tokens, a.width]) });
    targets.mlpMixGradient = mix;
  }

  const savedOutputs = Object.fromEntries(saved.map((value, i) => [`saved.${i}`, value]));
  const derivatives = ops.gradients(seeds, Object.values(targets));
  // The heads' differences are in the stack, where the forward pass wrote them.
  const { headDifferences } = outputs;
  return {
    forward: { graph, outputs: { ...outputs, ...savedOutputs } },
    backward: {
      graph,
      outputs: Object.fromEntries(Object.keys(targets).map((name, i) => [name, derivatives[i]!])),
      cuts: { ...(headDifferences ? { headDifferences } : {}), ...savedOutputs },
    },
  };
}

/** [heads, tokens, D] as [batch, heads, tokens of one row * D]. */
function rowsOf(differences: ops.Value, batch: number): ops.Value {
  const [heads, tokens, width] = differences.dims;
  return ops.transpose(ops.reshape(differences, [heads, batch, tokens / batch * width]), [1, 0, 2]);
}

/**
 * The graphs from the mix of the logits to the loss. Inputs: `read` [M, D], the mix at M answers; `weight` [M, 1], the
 * weight of each row in the loss; and the loss's own. Outputs: `logits` [M, vocabulary], `rowLoss` [M, 1]; with `gradient`:
 * `readGradient` [M, D].
 */
export function logitsGraph(
  model: GraphModel,
  rows: number,
  loss: LossForm,
): { readonly forward: BuiltGraph; readonly gradient: BuiltGraph } {
  const graph = new ops.Graph(`logits_${typeof loss === "string" ? loss : "expression"}`);
  const weights = weightsIn(graph, model);
  const read = graph.input("read", "float32", [rows, model.architecture.width]);
  const weight = graph.input("weight", "float32", [rows, 1]);
  const logits = logitsOf(weights, read);
  const row = lossOf(graph, loss, logits);
  const [readGradient] = ops.gradients([{ value: row.loss, gradient: weight }], [read]);
  const forward = { logits, rowLoss: row.value };
  return {
    forward: { graph, outputs: forward },
    gradient: { graph, outputs: { ...forward, readGradient: readGradient! } },
  };
}
