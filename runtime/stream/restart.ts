/**
 * Forward passes that begin at a later layer. Masks that differ only in edges into layer l leave everything below l as it
 * was: the stack's rows of the layers below are used again, and these layers are not run.
 *
 * A sweep or a clean-up measures such masks one after another, now one, now several in a pass. Each sequence of
 * measurements keeps stacks of its own, one per batch of its examples, as far as memory allows.
 *
 * @module
 */
import type { Universe } from "../universe/universe.ts";
import type { MaskRows } from "./batched_masks.ts";
import { type Context, type Pass, tokensOf } from "./context.ts";
import { joinSubgraphs, type LiveSubgraph } from "./live_subgraph.ts";

/** Rows of the batch with the same mask. */
type Rows = Pick<MaskRows, "firstRow" | "endRow" | "masks">;

/** A pass that went through. */
interface EarlierPass {
  /** Its writers' differences, [writers + 1, batch * tokens * D]. */
  readonly stack: Float32Array;
  readonly subgraph: LiveSubgraph;
  readonly batch: number;
  readonly rows: readonly Rows[];
}

/** A pass that begins at `layer`, into a stack that holds the rows of all layers below. */
export interface Restart {
  readonly pass: Pass;
  /** [writers + 1, batch * tokens * D] */
  readonly stack: Float32Array;
  readonly layer: number;
}

export type KeptStacks = ReturnType<typeof keptStacks>;

/** The stacks that a sequence of measurements keeps, of passes over one choice of examples. */
export function keptStacks({ universe, architecture }: Context) {
  const earlier = new Map<number, EarlierPass>();
  /** Stacks of sizes that were in use before, by size. */
  const spare = new Map<number, Float32Array>();
  return {
    /**
     * The pass of a batch, from the first layer that its masks change; null where memory has no room for a stack.
     *
     * @param batch number of the batch among those of the sequence's examples
     * @param room bytes that may be taken
     */
    begin(batch: number, pass: Pass, room: number): Restart | null {
      const before = earlier.get(batch);
      // A pass that fails midway leaves a stack with rows of two passes.
      earlier.delete(batch);
      const size = (universe.writers.length + 1) * tokensOf(pass) * architecture.width;
      const fits = before?.stack.length === size;
      if (before && !fits) spare.set(before.stack.length, before.stack);
      if (!fits && !spare.has(size) && 4 * size > room) return null;
      const stack = fits ? before.stack : spare.get(size) ?? new Float32Array(size);
      spare.delete(size);
      if (!before) return { pass, stack, layer: 0 };
      const layer = firstChange(universe, before, pass);
      if (layer === 0) return { pass, stack, layer };
      const subgraph = joinSubgraphs(universe, before.subgraph, pass.subgraph, layer);
      if (!haveSameRows(before.rows, rowsOf(pass))) {
        copyRows(before, pass, layer, stack, pass.sessions.shape.length * architecture.width);
      }
      return { pass: { ...pass, subgraph }, stack, layer };
    },
    /** Keeps the stack of a pass that went through, so that the next pass of the batch may use it. */
    keep(batch: number, { pass, stack }: Restart): void {
      const { subgraph, sessions } = pass;
      earlier.set(batch, { stack, subgraph, batch: sessions.shape.batch, rows: rowsOf(pass) });
    },
    bytes: (): number =>
      [...earlier.values().map(({ stack }) => stack), ...spare.values()]
        .reduce((sum, stack) => sum + stack.byteLength, 0),
    drop(): void {
      earlier.clear();
      spare.clear();
    },
  };
}

/** Rows by mask; all rows of the batch that hold examples where they have the same mask. */
function rowsOf({ masks, maskRows, chosen }: Pass): readonly Rows[] {
  if (maskRows.length > 0) return maskRows;
  const fill = chosen.indexOf(-1);
  return [{ firstRow: 0, endRow: fill < 0 ? chosen.length : fill, masks }];
}

const haveSameRows = (a: readonly Rows[], b: readonly Rows[]): boolean =>
  a.length === b.length && a.every(({ firstRow }, i) => firstRow === b[i].firstRow);

/** The rows of an earlier pass that a mask's rows are taken from: those of the mask at its place, or of the last one. */
const rowsBefore = ({ rows }: EarlierPass, mask: number): Rows =>
  rows[Math.min(mask, rows.length - 1)];

/**
 * Copies the rows below a layer from an earlier pass, with another number of masks, to each mask of a pass.
 *
 * @param columns numbers per row of the batch, tokens * D
 */
function copyRows(
  before: EarlierPass,
  pass: Pass,
  layer: number,
  stack: Float32Array,
  columns: number,
): void {
  const { layers, writers } = before.subgraph;
  const [sizeBefore, size] = [before.batch * columns, pass.sessions.shape.batch * columns];
  const count = layer === layers.length ? writers.length : layers[layer].firstWriter;
  const source = before.stack === stack ? stack.slice(0, count * sizeBefore) : before.stack;
  const moves = rowsOf(pass).map(({ firstRow }, i) => ({ firstRow, from: rowsBefore(before, i) }));
  for (let writer = 0; writer < count; writer++) {
    const start = writer * sizeBefore;
    for (const { firstRow, from } of moves) {
      stack.set(
        source.subarray(start + from.firstRow * columns, start + from.endRow * columns),
        writer * size + firstRow * columns,
      );
    }
  }
}

/**
 * The first layer whose rows of an earlier pass cannot be used: one of its readers has another mask, or a writer that the
 * pass needs was not computed. The number of layers where only the logits' masks differ.
 */
function firstChange(universe: Universe, before: EarlierPass, pass: Pass): number {
  const { subgraph } = pass;
  const stride = universe.writers.length;
  const { layers, readers, live } = before.subgraph;
  // Rows that only fill a size hold nothing.
  const missing = subgraph.writers.filter((writer) => subgraph.live[writer] && !live[writer])
    .map((writer) => universe.writers[writer].layer)
    // Every pass gathers the embeddings anew.
    .filter((layer) => layer >= 0);
  const complete = Math.min(layers.length, ...missing);
  const firstDifference = (now: Float32Array, then: Float32Array) => {
    for (const [layer, { firstReader, readers: count }] of layers.slice(0, complete).entries()) {
      for (const reader of readers.slice(firstReader, firstReader + count)) {
        for (let at = reader * stride; at < (reader + 1) * stride; at++) {
          if (now[at] !== then[at]) return layer;
        }
      }
    }
    return complete;
  };
  return Math.min(
    ...rowsOf(pass).map(({ masks }, i) => firstDifference(masks, rowsBefore(before, i).masks)),
  );
}
