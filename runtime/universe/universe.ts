/**
 * The edge universe: every connection that a circuit may keep.
 *
 * Writers are listed in the order in which they join the residual stream, and every reader reads a
 * prefix of that list, so a universe is two lists of names and, per reader, the length of its prefix.
 * Edges are numbered reader by reader: edge `offset[r] + (w - firstWriter)` is writer w -> reader r.
 *
 * @module
 */
import type { Convention } from "./conventions.ts";
import { CircuitError } from "./errors.ts";

export type { Convention } from "./conventions.ts";

/** The facts of a model that its edge universe depends on. */
export interface Shape {
  /** Number of layers. */
  readonly layers: number;
  /** Query heads per layer. */
  readonly heads: number;
  /** Key/value heads per layer; fewer than `heads` with grouped-query attention. */
  readonly keyValueHeads: number;
  /** `parallel`: a layer's MLP does not read that layer's heads (GPT-NeoX). */
  readonly residual: "sequential" | "parallel";
  /** True where the model adds a learned position embedding, so that `pos` exists as a writer. */
  readonly learnedPositions: boolean;
}

/** A component that adds to the residual stream. */
export interface Writer {
  /** Name, such as `tok`, `a0.h3` or `m2`. */
  readonly name: string;
  /** Kind of component. `embed` is the sum of `tok` and `pos`. */
  readonly kind: "tok" | "pos" | "embed" | "head" | "mlp";
  /** Layer, or -1 for embeddings. */
  readonly layer: number;
  /** Query head within the layer, or -1. */
  readonly head: number;
}

/** A component input that reads the residual stream. */
export interface Reader {
  /** Name, such as `a0.h3.q`, `m2` or `logits`; `a0.kv1.k` where several query heads share key/value head 1. */
  readonly name: string;
  /** Kind of input. `qkv` is all three inputs of a head. */
  readonly kind: "q" | "k" | "v" | "qkv" | "mlp" | "logits";
  /** Layer; for `logits` the number of layers. */
  readonly layer: number;
  /** Head within the layer (a key/value head for kinds k and v), or -1. */
  readonly head: number;
  /** Number of writers before it in the stream: it reads writers 0 .. prefix-1. */
  readonly prefix: number;
}

export type ReaderKind = Reader["kind"];
export type WriterKind = Writer["kind"];

/** The edges that a circuit of a model may keep, numbered from 0 to `edgeCount - 1`. */
export interface Universe {
  /** The model's shape. */
  readonly shape: Shape;
  /** The way in which edges are counted. */
  readonly convention: Convention;
  /** Writers in the order in which they join the stream. */
  readonly writers: readonly Writer[];
  /** Readers in the order in which the model computes them. */
  readonly readers: readonly Reader[];
  /** First writer whose edges are counted: 1 when embeddings are `kept`, else 0. */
  readonly firstWriter: number;
  /** Number of the first edge of every reader, [readers + 1]; the last entry is the number of edges. */
  readonly offset: Uint32Array;
  /** Number of edges. */
  readonly edgeCount: number;
}

/**
 * Lists the writers, readers and edges of a model.
 *
 * @throws {CircuitError} if q, k and v of a head are to share a reader, and query heads share key/value heads
 *
 * @example
 * ```ts
 * const gpt2: Shape = { layers: 12, heads: 12, keyValueHeads: 12, residual: "sequential", learnedPositions: true };
 * universeOf(gpt2, { embeddings: "split", qkv: "split" }).edgeCount; // 32936
 * ```
 */
export function universeOf(shape: Shape, convention: Convention): Universe {
  const problem = conventionProblem(shape, convention);
  if (problem) throw problem;
  const writers: Writer[] = [];
  const readers: Reader[] = [];
  if (convention.embeddings === "split") {
    writers.push({ name: "tok", kind: "tok", layer: -1, head: -1 });
    if (shape.learnedPositions) writers.push({ name: "pos", kind: "pos", layer: -1, head: -1 });
  } else {
    writers.push({ name: "embed", kind: "embed", layer: -1, head: -1 });
  }
  for (let layer = 0; layer < shape.layers; layer++) {
    const before = writers.length;
    readers.push(...attentionReaders(shape, convention, layer, before));
    for (let head = 0; head < shape.heads; head++) {
      writers.push({ name: `a${layer}.h${head}`, kind: "head", layer, head });
    }
    const prefix = shape.residual === "parallel" ? before : writers.length;
    readers.push({ name: `m${layer}`, kind: "mlp", layer, head: -1, prefix });
    writers.push({ name: `m${layer}`, kind: "mlp", layer, head: -1 });
  }
  readers.push({
    name: "logits",
    kind: "logits",
    layer: shape.layers,
    head: -1,
    prefix: writers.length,
  });

  const firstWriter = convention.embeddings === "kept" ? 1 : 0;
  const offset = new Uint32Array(readers.length + 1);
  readers.forEach((reader, r) => offset[r + 1] = offset[r] + reader.prefix - firstWriter);
  return {
    shape,
    convention,
    writers,
    readers,
    firstWriter,
    offset,
    edgeCount: offset[readers.length],
  };
}

/** The error of a convention that a shape cannot have: one reader for a head's q, k and v, of which k and v are not its own. */
export function conventionProblem(
  { heads, keyValueHeads }: Pick<Shape, "heads" | "keyValueHeads">,
  { qkv }: Convention,
): CircuitError | undefined {
  if (qkv !== "joint" || keyValueHeads === heads) return undefined;
  return new CircuitError(
    `q, k and v cannot be joined: the ${heads} query heads of a layer share ${keyValueHeads} key/value ${
      keyValueHeads === 1 ? "head" : "heads"
    }`,
    "write `split qkv`, as is usual",
  );
}

function attentionReaders(
  { heads, keyValueHeads }: Shape,
  { qkv }: Convention,
  layer: number,
  prefix: number,
): Reader[] {
  const shared = keyValueHeads < heads ? "kv" : "h";
  const inputs = qkv === "joint" ? [["qkv", heads, "h", ""] as const] : [
    ["q", heads, "h", ".q"],
    ["k", keyValueHeads, shared, ".k"],
    ["v", keyValueHeads, shared, ".v"],
  ] as const;
  return inputs.flatMap(([kind, count, letters, ending]) =>
    Array.from({ length: count }, (_, head) => ({
      name: `a${layer}.${letters}${head}${ending}`,
      kind,
      layer,
      head,
      prefix,
    }))
  );
}

/** The number of edge writer -> reader, or undefined when the universe has no such edge. */
export function edgeNumber(universe: Universe, writer: number, reader: number): number | undefined {
  if (writer < universe.firstWriter || writer >= universe.readers[reader].prefix) return undefined;
  return universe.offset[reader] + writer - universe.firstWriter;
}

/** Index of the writer and of the reader of an edge. */
export function endsOf(universe: Universe, edge: number): { writer: number; reader: number } {
  let low = 0;
  let high = universe.readers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (universe.offset[middle] <= edge) low = middle;
    else high = middle - 1;
  }
  return { writer: edge - universe.offset[low] + universe.firstWriter, reader: low };
}

/** Visits edges [edges], given in ascending order, with their writers and readers. */
export function eachEdge(
  { readers, offset, firstWriter }: Universe,
  edges: Uint32Array,
  visit: (writer: number, reader: number, edge: number) => void,
): void {
  for (let r = 0, i = 0; r < readers.length; r++) {
    const base = offset[r] - firstWriter;
    for (; i < edges.length && edges[i] < offset[r + 1]; i++) visit(edges[i] - base, r, edges[i]);
  }
}

/** The edges of those [edges] given in ascending order, for which a test of writer and reader holds. */
export function filterEdges(
  universe: Universe,
  edges: Uint32Array,
  keep: (writer: number, reader: number) => boolean,
): Uint32Array {
  const kept = new Uint32Array(edges.length);
  let count = 0;
  eachEdge(universe, edges, (writer, reader, edge) => {
    if (keep(writer, reader)) kept[count++] = edge;
  });
  return kept.slice(0, count);
}

/** An edge as text, such as `a5.h5 -> a8.h6.v`; {@linkcode parseEdge} reads it. */
export function edgeName(universe: Universe, edge: number): string {
  const { writer, reader } = endsOf(universe, edge);
  return `${universe.writers[writer].name} -> ${universe.readers[reader].name}`;
}

/** Masks [edges] of a set of edges: 1 for those, 0 for all others. */
export function maskOf(universe: Universe, edges: Iterable<number>): Float32Array {
  const z = new Float32Array(universe.edgeCount);
  for (const edge of edges) z[edge] = 1;
  return z;
}
