/**
 * Memory of a discovery or an evaluation, estimated before anything is opened.
 *
 * Its parts are the weights, the buffers of one pass, which later passes use again, the values that sessions make while
 * they run, and the blocks of examples.
 *
 * @module
 */
import type { Universe } from "../universe/universe.ts";
import type { BatchShape } from "./attention.ts";
import { blockLayout, bytesPerExample } from "./cache.ts";
import { type GraphMemory, graphMemory } from "./graph_memory.ts";
import { denseGraph, layerGraphs, logitsGraph } from "./graphs.ts";
import { sizeOf } from "../../ops/mod.ts";
import { defaultStreamOptions } from "./contract.ts";
import { type GraphModel, weightBytes, weightSettings } from "./weights.ts";

export interface MemoryOptions {
  /** Examples in one pass. */
  readonly batch: number;
  /** Tokens of the longest prompts, padding included. */
  readonly length: number;
  /** Examples that are prepared, and not forgotten. */
  readonly examples: number;
  /** True where gradients are taken; default true. */
  readonly gradients?: boolean;
  /** Different batch shapes; default 1. Each has sessions of its own. */
  readonly shapes?: number;
  /** Bytes that corrupted runs may take; default as for {@linkcode openStream}. */
  readonly memoryBudget?: number;
}

/** Bytes, most of which stand at the same time. */
export interface MemoryEstimate {
  /** The runtime, before it has opened anything. */
  readonly runtime: number;
  /**
   * The model's files, mapped. Every session maps what it reads, and the system counts a page once for each mapping.
   * Memory holds each page once, so the machine needs no more than the size of the files.
   */
  readonly weights: number;
  /** Copies of weights that sessions make. */
  readonly copies: number;
  /** Writers' differences, readers' mixes, and values that layers save for the backward pass. */
  readonly buffers: number;
  /** Values that sessions make while they run. */
  readonly sessions: number;
  /** Blocks and targets of the examples. */
  readonly examples: number;
  /** Masks, scores and a method's optimiser. */
  readonly masks: number;
  /** The sum: the peak of resident memory, as the system counts it. */
  readonly total: number;
  /** Memory that the machine must have: the sum, with every weight counted once. */
  readonly needed: number;
}

/** Engines of two threads, onnxruntime and its code, measured on a model of no size. */
const RUNTIME_BYTES = 180e6;
/** Bytes of a method's optimiser, scores and noise for each edge, about. */
const BYTES_PER_EDGE = 100;

/**
 * Predicts the peak of resident memory, in bytes, on the CPU. Sizes are those of the first steps, when every mask is
 * open; later ones take less.
 */
export function memoryEstimate(
  model: GraphModel,
  universe: Universe,
  options: MemoryOptions,
): MemoryEstimate {
  const { architecture: a } = model;
  const { batch, length, examples, gradients = true, shapes = 1 } = options;
  const { memoryBudget = defaultStreamOptions.memoryBudget } = options;
  const shape: BatchShape = { batch, length };
  const settings = weightSettings(model);
  const tokens = batch * length;
  const columns = tokens * a.width;
  const blocks = blockLayout(a, universe);
  const [writers, readers] = [universe.writers.length, universe.readers.length];

  // Layers are alike in size, so one speaks for all.
  const { forward, backward } = layerGraphs(model, 0, shape, universe.convention.qkv, {
    heads: a.heads,
    mlp: true,
  });
  const logits = logitsGraph(model, batch, "kl");
  const counted = [
    { graph: denseGraph(model, shape, batch), count: 1 },
    { graph: forward, count: a.layers },
    { graph: gradients ? logits.gradient : logits.forward, count: 1 },
    ...(gradients ? [{ graph: backward, count: a.layers }] : []),
  ].map(({ graph, count }) => ({ ...graphMemory(graph, settings), count }));
  const overAll = (bytesOf: (memory: GraphMemory) => number) =>
    shapes * counted.reduce((sum, memory) => sum + memory.count * bytesOf(memory), 0);
  const copies = overAll(({ folded, packed }) => folded + packed);
  const mapped = overAll(({ mapped }) => mapped);
  // A session gives its memory back, so that the largest counts alone.
  const sessions = Math.max(...counted.map(({ transient }) => transient));

  const saved = Object.entries(forward.outputs).filter(([name]) => name.startsWith("saved."))
    .reduce((sum, [, { dims }]) => sum + sizeOf(dims), 0);
  const largestLayer = readers > 1 ? Math.ceil((readers - 1) / a.layers) : 0;
  const numbers = (writers + 1) * columns +
    (gradients ? readers * columns + a.layers * saved : largestLayer * columns + saved) +
    (gradients ? (a.heads + 1) * columns : 0) +
    // The corrupted run's parts of one layer, and the dense run's of all.
    tokens * (2 * a.width + a.heads * a.headSize) + tokens * blocks.columns +
    (writers + 1) * batch * a.width + 3 * batch * a.vocabulary;
  const kept = Math.min(examples * bytesPerExample(blocks, length), memoryBudget) +
    4 * examples * (a.vocabulary + a.width);

  const parts = {
    runtime: RUNTIME_BYTES,
    weights: mapped,
    copies,
    buffers: 4 * numbers,
    sessions,
    examples: kept,
    masks: BYTES_PER_EDGE * universe.edgeCount,
  };
  const total = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
  return { ...parts, total, needed: total - mapped + Math.min(mapped, weightBytes(model)) };
}
