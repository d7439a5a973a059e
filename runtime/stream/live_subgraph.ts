/**
 * The live subgraph: the part of a model that a pass computes, all of it or what the masks leave alive.
 *
 * A head or MLP is dead when no open edge from a live writer enters any of its readers, or when no open path takes its
 * output to the logits. In the first case it writes exactly what it writes on the corrupted prompt, so its difference is
 * zero; in the second no component reads it. Leaving both out changes neither the loss nor its derivative with respect to any
 * open mask; derivatives with respect to closed masks are left out as well.
 *
 * @module
 */
import { type Flow, flowOf } from "../universe/flow.ts";
import type { Universe } from "../universe/universe.ts";
import type { GraphModel } from "./weights.ts";

/** The part of one layer that is computed. Rows are those of the pass's stack of writers and list of readers. */
export interface LiveLayer {
  /** Query heads, ascending; whole key/value groups. */
  readonly heads: readonly number[];
  /** True where the MLP is computed. */
  readonly mlp: boolean;
  /** Numbers of the heads' readers among the layer's attention readers. */
  readonly attentionReaders: readonly number[];
  /** Row of the layer's first writer, and the number of writers: heads, then the MLP. */
  readonly firstWriter: number;
  readonly writers: number;
  /** Row of the layer's first reader, and the number of readers: the attention's, then the MLP's. */
  readonly firstReader: number;
  readonly readers: number;
}

export interface LiveSubgraph {
  readonly layers: readonly LiveLayer[];
  /** Number in the universe of each writer, by row of the stack. */
  readonly writers: readonly number[];
  /** Number in the universe of each reader, by row; the logits are the last. */
  readonly readers: readonly number[];
  /**
   * 1 for each writer of the universe whose row holds what it adds, [writers]. Rows of the others only fill up a size,
   * and must not be read.
   */
  readonly live: Uint8Array;
}

/** Edges from a layer's heads to its own MLP: the reader's number in the universe, and the writers'. */
export function ownMlpEdges({ layers, readers, writers }: LiveSubgraph, layer: number) {
  const { firstReader, readers: count, firstWriter, heads } = layers[layer];
  return {
    rows: [readers[firstReader + count - 1]],
    columns: writers.slice(firstWriter, firstWriter + heads.length),
  };
}

/** The key/value groups and the MLP that are computed of a layer. */
type Choice = (layer: number) => { readonly groups: readonly number[]; readonly mlp: boolean };

/** The whole model. */
export function fullSubgraph(universe: Universe): LiveSubgraph {
  const groups = Array.from({ length: universe.shape.keyValueHeads }, (_, g) => g);
  const live = new Uint8Array(universe.writers.length).fill(1);
  return subgraphOf(universe, live, () => ({ groups, mlp: true }));
}

/** The layers of one subgraph below `layer`, and those of another from there on. */
export function joinSubgraphs(
  universe: Universe,
  below: LiveSubgraph,
  above: LiveSubgraph,
  layer: number,
): LiveSubgraph {
  const { heads, keyValueHeads } = universe.shape;
  const perGroup = heads / keyValueHeads;
  const live = Uint8Array.from(
    universe.writers,
    // Every pass gathers the embeddings anew.
    ({ layer: own }, w) => (own >= 0 && own < layer ? below : above).live[w],
  );
  return subgraphOf(universe, live, (l) => {
    const { heads, mlp } = (l < layer ? below : above).layers[l];
    const groups = heads.filter((head) => head % perGroup === 0).map((head) => head / perGroup);
    return { groups, mlp };
  });
}

/**
 * The subgraph that masks [readers, writers] leave alive. The number of key/value groups of a layer is rounded up to a
 * quarter of them, with dead ones, so that few sizes are ever compiled.
 *
 * @param interchange true where a component that reads nothing open writes what it writes on the corrupted prompt. Under
 *   other ablations it does not, so only components that do not lead to the logits are left out.
 */
export function liveSubgraph(
  universe: Universe,
  model: GraphModel,
  masks: Float32Array,
  interchange = true,
): LiveSubgraph {
  const { reached, matters } = liveWriters(universe, model, masks, interchange);
  const { heads, keyValueHeads } = universe.shape;
  const perGroup = heads / keyValueHeads;
  const step = Math.ceil(keyValueHeads / 4);
  const allOrNone = needsAllHeads(model);
  const live = reached.map((is, writer) => is & matters[writer]);
  return subgraphOf(universe, live, (layer) => {
    const first = firstHead(universe, layer);
    const isLive = (writer: number) => live[writer] === 1;
    const [alive, dead]: [number[], number[]] = [[], []];
    for (let g = 0; g < keyValueHeads; g++) {
      const members = Array.from({ length: perGroup }, (_, i) => first + g * perGroup + i);
      (members.some(isLive) ? alive : dead).push(g);
    }
    const rounded = allOrNone ? keyValueHeads : Math.ceil(alive.length / step) * step;
    const fill = alive.length === 0 ? 0 : rounded - alive.length;
    const groups = [...alive, ...dead.slice(0, Math.max(0, fill))].sort((a, b) => a - b);
    return { groups, mlp: isLive(first + heads) };
  });
}

/** Number of a layer's first head as a writer. Embeddings come first, then each layer's heads and MLP. */
function firstHead({ shape, writers }: Universe, layer: number): number {
  return writers.length - (shape.layers - layer) * (shape.heads + 1);
}

/** True where a head's output depends on what the layer's other heads compute. */
function needsAllHeads({ architecture, weights }: GraphModel): boolean {
  return architecture.attention.queryKeyNorm === "all" ||
    weights.layers.some(({ attentionPostNorm }) => attentionPostNorm !== undefined);
}

/** Per writer, 1 where its difference can be other than zero, and 1 where an open path takes it to the logits. */
function liveWriters(
  universe: Universe,
  model: GraphModel,
  masks: Float32Array,
  interchange: boolean,
) {
  const { readers, writers } = universe;
  const flow = drivenBy(universe, model);
  const open = (r: number, w: number) => masks[r * writers.length + w] !== 0;
  const reached = Uint8Array.from(writers, ({ layer }) => layer < 0 || !interchange ? 1 : 0);
  readers.forEach(({ prefix }, r) => {
    for (let w = 0; w < prefix; w++) {
      if (!reached[w] || !open(r, w)) continue;
      reached.fill(1, flow.first[r], flow.end[r]);
      break;
    }
  });
  const matters = new Uint8Array(writers.length);
  for (let r = readers.length - 1; r >= 0; r--) {
    let wanted = readers[r].kind === "logits";
    for (let w = flow.first[r]; w < flow.end[r]; w++) wanted ||= matters[w] === 1;
    if (!wanted) continue;
    for (let w = 0; w < readers[r].prefix; w++) if (open(r, w)) matters[w] = 1;
  }
  return { reached, matters };
}

/**
 * The writers that each reader drives, as ranges. Where a norm spans a layer's heads, what one of them reads scales the
 * others too: a norm of queries and keys carries q and k, one after the attention carries all that a head reads.
 */
function drivenBy(universe: Universe, model: GraphModel): Pick<Flow, "first" | "end"> {
  const flow = flowOf(universe);
  if (!needsAllHeads(model)) return flow;
  const { readers, shape } = universe;
  const [first, end] = [flow.first.slice(), flow.end.slice()];
  readers.forEach(({ kind, layer }, r) => {
    const spanned = kind !== "logits" && kind !== "mlp" &&
      (kind !== "v" || model.weights.layers[layer].attentionPostNorm !== undefined);
    if (!spanned) return;
    first[r] = firstHead(universe, layer);
    end[r] = first[r] + shape.heads;
  });
  return { first, end };
}

/** Lists the rows of writers and readers that a choice for every layer leads to. */
function subgraphOf(universe: Universe, live: Uint8Array, choose: Choice): LiveSubgraph {
  const { shape, convention } = universe;
  const perGroup = shape.heads / shape.keyValueHeads;
  const writers = universe.writers.flatMap(({ layer }, w) => layer < 0 ? [w] : []);
  const readers: number[] = [];
  const layers: LiveLayer[] = [];
  let writer = writers.length;
  let reader = 0;
  for (let layer = 0; layer < shape.layers; layer++) {
    const { groups, mlp } = choose(layer);
    const heads = groups.flatMap((g) =>
      Array.from({ length: perGroup }, (_, i) => g * perGroup + i)
    );
    const attentionReaders = convention.qkv === "joint" ? heads : [
      ...heads,
      ...groups.map((g) => shape.heads + g),
      ...groups.map((g) => shape.heads + shape.keyValueHeads + g),
    ];
    const attentionCount = convention.qkv === "joint"
      ? shape.heads
      : shape.heads + 2 * shape.keyValueHeads;
    layers.push({
      heads,
      mlp,
      attentionReaders,
      firstWriter: writers.length,
      writers: heads.length + (mlp ? 1 : 0),
      firstReader: readers.length,
      readers: attentionReaders.length + (mlp ? 1 : 0),
    });
    writers.push(...heads.map((head) => writer + head), ...(mlp ? [writer + shape.heads] : []));
    readers.push(
      ...attentionReaders.map((r) => reader + r),
      ...(mlp ? [reader + attentionCount] : []),
    );
    writer += shape.heads + 1;
    reader += attentionCount + 1;
  }
  readers.push(reader);
  return { layers, writers, readers, live };
}
