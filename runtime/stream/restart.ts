/**
 * Forward passes that begin where an earlier one still holds: masks that differ only in edges into layer l leave
 * everything below l as it was, so the stack's rows of those layers are used again, and the layers are not run.
 *
 * A sweep or a clean-up measures such masks one after another, now one, now several in a pass. Each sequence of
 * measurements keeps stacks of its own, one per batch of its examples, as long as memory allows.
 *
 * @module
 */
import type { Universe } from "../universe/universe.ts";
import { type Context, type Pass, tokensOf } from "./context.ts";
import { type Extent, joinExtents } from "./extent.ts";
import type { Share } from "./together.ts";

/** What an earlier pass left. */
interface Left {
  readonly stack: Float32Array;
  readonly extent: Extent;
  /** Rows of the batch. */
  readonly rows: number;
  readonly shares: readonly Rows[];
}

/** Rows with the same masks. */
type Rows = Pick<Share, "firstRow" | "endRow" | "masks">;

/** Where a pass begins, and the rows that it writes: those of layers below `layer` are there. */
export interface Restart {
  readonly pass: Pass;
  readonly stack: Float32Array;
  readonly layer: number;
}

/** The stacks that a sequence of measurements keeps. */
export interface KeptStacks {
  /**
   * The pass of the batch of that number, from the first layer that its masks change; null where memory has no room.
   *
   * @param room bytes that may be taken
   */
  of(batch: number, pass: Pass, room: number): Restart | null;
  /** Says that a pass has gone through, so that others may go on from it. */
  done(batch: number, restart: Restart): void;
  /** Bytes that stacks take. */
  bytes(): number;
  drop(): void;
}

export function keptStacks({ universe, architecture }: Context): KeptStacks {
  const left = new Map<number, Left>();
  /** Stacks of sizes that were in use before, by size. */
  const spare = new Map<number, Float32Array>();
  return {
    of(batch, pass, room) {
      const before = left.get(batch);
      // A pass that fails midway leaves rows of two passes.
      left.delete(batch);
      const size = (universe.writers.length + 1) * tokensOf(pass) * architecture.width;
      const fits = before?.stack.length === size;
      if (before && !fits) spare.set(before.stack.length, before.stack);
      if (!fits && !spare.has(size) && 4 * size > room) return null;
      const stack = fits ? before.stack : spare.get(size) ?? new Float32Array(size);
      spare.delete(size);
      if (!before) return { pass, stack, layer: 0 };
      const layer = firstChange(universe, before, pass);
      if (layer === 0) return { pass, stack, layer };
      const extent = joinExtents(universe, before.extent, pass.extent, layer);
      if (!sameRows(before.shares, rowsOf(pass))) {
        dealOut(before, pass, layer, stack, pass.plan.shape.length * architecture.width);
      }
      return { pass: { ...pass, extent }, stack, layer };
    },
    done(batch, { pass, stack }) {
      const { extent, plan } = pass;
      left.set(batch, { stack, extent, rows: plan.shape.batch, shares: rowsOf(pass) });
    },
    bytes: () =>
      [...[...left.values()].map(({ stack }) => stack), ...spare.values()]
        .reduce((sum, stack) => sum + stack.byteLength, 0),
    drop() {
      left.clear();
      spare.clear();
    },
  };
}

/** Shares of a pass, of which there is one where all rows have the same masks. */
function rowsOf({ masks, shares, chosen }: Pass): readonly Rows[] {
  if (shares.length > 0) return shares;
  const fill = chosen.indexOf(-1);
  return [{ firstRow: 0, endRow: fill < 0 ? chosen.length : fill, masks }];
}

const sameRows = (a: readonly Rows[], b: readonly Rows[]): boolean =>
  a.length === b.length && a.every(({ firstRow }, i) => firstRow === b[i].firstRow);

/**
 * Gives every share of a pass what an earlier pass, with another number of masks, left below a layer. The share that stands
 * for one that was not there then is the last.
 *
 * @param columns per row of the batch
 */
function dealOut(
  before: Left,
  pass: Pass,
  layer: number,
  stack: Float32Array,
  columns: number,
): void {
  const { layers, writers } = before.extent;
  const [rowsThen, rowsNow] = [before.rows * columns, pass.plan.shape.batch * columns];
  const count = layer === layers.length ? writers.length : layers[layer].firstWriter;
  const from = before.stack === stack ? stack.slice(0, count * rowsThen) : before.stack;
  const moves = rowsOf(pass).map(({ firstRow }, i) => ({ firstRow, then: earlier(before, i) }));
  for (let writer = 0; writer < count; writer++) {
    const start = writer * rowsThen;
    for (const { firstRow, then } of moves) {
      stack.set(
        from.subarray(start + then.firstRow * columns, start + then.endRow * columns),
        writer * rowsNow + firstRow * columns,
      );
    }
  }
}

const earlier = ({ shares }: Left, share: number): Rows =>
  shares[Math.min(share, shares.length - 1)];

/**
 * The first layer of which something that was computed is not what the new masks want, or something that they want was
 * not computed. The number of layers where only what the logits read is new.
 */
function firstChange(universe: Universe, before: Left, pass: Pass): number {
  const { extent } = pass;
  const stride = universe.writers.length;
  const { layers, readers, alive } = before.extent;
  // Rows that only fill a size hold nothing that anybody may read.
  const lacking = extent.writers.filter((writer) => extent.alive[writer] && !alive[writer])
    .map((writer) => universe.writers[writer].layer)
    // Embeddings are always there.
    .filter((layer) => layer >= 0);
  const complete = Math.min(layers.length, ...lacking);
  const differs = (now: Float32Array, then: Float32Array) => {
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
    ...rowsOf(pass).map(({ masks }, i) => differs(masks, earlier(before, i).masks)),
  );
}
