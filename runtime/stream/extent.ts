/**
 * How much of a model a pass computes: all of it, or what its masks leave alive.
 *
 * A head or MLP whose readers carry no open edge from a live writer writes exactly what it writes on the corrupted
 * prompt: its difference is zero, and it need not be computed. One whose difference no open path takes to the logits
 * does not matter. Leaving both out changes neither the loss nor the derivative with respect to any open mask; it is
 * the derivatives of closed masks that an extent leaves out.
 *
 * @module
 */
import { type Flow, flowOf } from "../universe/flow.ts";
import type { Universe } from "../universe/universe.ts";
import type { GraphModel } from "./weights.ts";

/** What is computed of one layer. Rows are those of the pass's stack of writers and list of readers. */
export interface LayerExtent {
  /** Query heads, ascending; whole key/value groups. */
  readonly heads: readonly number[];
  readonly mlp: boolean;
  /** Numbers of the heads' readers among the layer's attention readers. */
  readonly attentionReaders: readonly number[];
  /** Writers of the layer, and the row of the first: heads, then the MLP. */
  readonly firstWriter: number;
  readonly writers: number;
  /** Readers of the layer, and the row of the first: the attention's, then the MLP's. */
  readonly firstReader: number;
  readonly readers: number;
}

export interface Extent {
  readonly layers: readonly LayerExtent[];
  /** Universe's number of each writer, by row of the stack. */
  readonly writers: readonly number[];
  /** Universe's number of each reader, by row; the logits are the last. */
  readonly readers: readonly number[];
  /** 1 for the universe's writers whose rows hold what they add; others only fill a size, and nobody may read theirs. */
  readonly alive: Uint8Array;
}

/** Universe's numbers of a layer's MLP as a reader and of its heads as writers. */
export function ownEdges({ layers, readers, writers }: Extent, layer: number) {
  const { firstReader, readers: count, firstWriter, heads } = layers[layer];
  return {
    rows: [readers[firstReader + count - 1]],
    columns: writers.slice(firstWriter, firstWriter + heads.length),
  };
}

type Choice = (layer: number) => { readonly groups: readonly number[]; readonly mlp: boolean };

/** Everything. */
export function fullExtent(universe: Universe): Extent {
  const groups = Array.from({ length: universe.shape.keyValueHeads }, (_, g) => g);
  const alive = new Uint8Array(universe.writers.length).fill(1);
  return extentOf(universe, alive, () => ({ groups, mlp: true }));
}

/** One extent's layers below `layer`, and another's from there on. */
export function joinExtents(
  universe: Universe,
  below: Extent,
  above: Extent,
  layer: number,
): Extent {
  const { heads, keyValueHeads } = universe.shape;
  const perGroup = heads / keyValueHeads;
  const alive = Uint8Array.from(
    universe.writers,
    // Embeddings' rows are gathered anew by every pass.
    ({ layer: own }, w) => (own >= 0 && own < layer ? below : above).alive[w],
  );
  return extentOf(universe, alive, (l) => {
    const { heads, mlp } = (l < layer ? below : above).layers[l];
    const groups = heads.filter((head) => head % perGroup === 0).map((head) => head / perGroup);
    return { groups, mlp };
  });
}

/**
 * What some masks [readers, writers] leave alive. The number of key/value groups of a layer is rounded up to a quarter
 * of them, by dead ones, so that few sizes are ever compiled.
 *
 * @param interchange whether a component that reads nothing open writes what it writes on the corrupted prompt; under
 *   the other ablations it does not, and only what nothing leads to the logits is left out
 */
export function liveExtent(
  universe: Universe,
  model: GraphModel,
  masks: Float32Array,
  interchange = true,
): Extent {
  const { reached, matters } = liveWriters(universe, model, masks, interchange);
  const { heads, keyValueHeads } = universe.shape;
  const perGroup = heads / keyValueHeads;
  const step = Math.ceil(keyValueHeads / 4);
  const whole = needsAllHeads(model);
  const living = reached.map((is, writer) => is & matters[writer]);
  return extentOf(universe, living, (layer) => {
    const first = firstHead(universe, layer);
    const alive = (writer: number) => living[writer] === 1;
    const live: number[] = [];
    const dead: number[] = [];
    for (let g = 0; g < keyValueHeads; g++) {
      const members = Array.from({ length: perGroup }, (_, i) => first + g * perGroup + i);
      (members.some(alive) ? live : dead).push(g);
    }
    const size = live.length === 0
      ? 0
      : whole
      ? keyValueHeads
      : Math.ceil(live.length / step) * step;
    const groups = [...live, ...dead.slice(0, Math.max(0, size - live.length))].sort((a, b) =>
      a - b
    );
    return { groups, mlp: alive(first + heads) };
  });
}

/** Number of a layer's first head as a writer: embeddings come first, then each layer's heads and MLP. */
function firstHead({ shape, writers }: Universe, layer: number): number {
  return writers.length - (shape.layers - layer) * (shape.heads + 1);
}

/** Whether a head's output depends on what the layer's other heads compute. */
function needsAllHeads({ architecture, weights }: GraphModel): boolean {
  return architecture.attention.queryKeyNorm === "all" ||
    weights.layers.some(({ attentionPostNorm }) => attentionPostNorm !== undefined);
}

/** Which writers' differences can be other than zero, and which an open path takes to the logits. */
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
 * others too: a norm of queries and keys carries q and k, one after the attention carries whatever a head reads.
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

function extentOf(universe: Universe, alive: Uint8Array, choose: Choice): Extent {
  const { shape, convention } = universe;
  const perGroup = shape.heads / shape.keyValueHeads;
  const writers = universe.writers.flatMap(({ layer }, w) => layer < 0 ? [w] : []);
  const readers: number[] = [];
  const layers: LayerExtent[] = [];
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
  return { layers, writers, readers, alive };
}
