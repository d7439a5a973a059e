/**
 * Forward passes that go on from an earlier one: masks that differ only in edges into layer l leave everything below l as
 * it was, so the rows of the stack that lie there are used again, and layers below l are not run.
 *
 * What a sweep or a clean-up measures one after another are such masks. The stacks are kept for one choice of examples at
 * a time, one per batch of it, as long as memory allows.
 *
 * @module
 */
import type { Universe } from "../circuits/universe.ts";
import { type Context, type Pass, tokensOf } from "./context.ts";
import { type Extent, joinExtents } from "./extent.ts";

/** What an earlier pass left. */
interface Left {
  readonly stack: Float32Array;
  /** One matrix, or one for each share of the rows. */
  readonly masks: readonly Float32Array[];
  readonly extent: Extent;
}

/** Where a pass begins, and the rows that it writes: those of layers below `layer` are there. */
export interface Restart {
  readonly pass: Pass;
  readonly stack: Float32Array;
  readonly layer: number;
}

export interface Restarts {
  /** Says whose passes come next, and how many masks go together; stacks of all others are dropped. */
  claim(prepared: number, chosen: readonly number[], masks: number): void;
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

export function createRestarts({ universe, architecture }: Context): Restarts {
  const left = new Map<number, Left>();
  let owner = "";
  const drop = () => {
    left.clear();
    owner = "";
  };
  return {
    claim(prepared, chosen, masks) {
      const name = `${prepared} by ${masks}: ${chosen.join(" ")}`;
      if (name === owner) return;
      drop();
      owner = name;
    },
    of(batch, pass, room) {
      const before = left.get(batch);
      // A pass that fails midway leaves rows of two passes.
      left.delete(batch);
      if (before) {
        const layer = firstChange(universe, before, pass);
        const extent = layer === 0
          ? pass.extent
          : joinExtents(universe, before.extent, pass.extent, layer);
        return { pass: { ...pass, extent }, stack: before.stack, layer };
      }
      const size = (universe.writers.length + 1) * tokensOf(pass) * architecture.width;
      if (4 * size > room) return null;
      return { pass, stack: new Float32Array(size), layer: 0 };
    },
    done(batch, { pass, stack }) {
      left.set(batch, { stack, masks: masksOf(pass), extent: pass.extent });
    },
    bytes: () => [...left.values()].reduce((sum, { stack }) => sum + stack.byteLength, 0),
    drop,
  };
}

/** Masks of the rows of a pass, in the order of the rows. */
const masksOf = ({ masks, shares }: Pass): readonly Float32Array[] =>
  shares.length === 0 ? [masks] : shares.map((share) => share.masks);

/**
 * The first layer of which something that was computed is not what the new masks want, or something that they want was
 * not computed. The number of layers where only what the logits read is new.
 */
function firstChange(universe: Universe, before: Left, pass: Pass): number {
  const { extent } = pass;
  const pairs = masksOf(pass).map((masks, i) => [masks, before.masks[i]]);
  const stride = universe.writers.length;
  const { layers, readers, alive } = before.extent;
  // Rows that only fill a size hold nothing that anybody may read.
  const lacking = extent.writers.filter((writer) => extent.alive[writer] && !alive[writer])
    .map((writer) => universe.writers[writer].layer)
    // Embeddings are always there.
    .filter((layer) => layer >= 0);
  const complete = Math.min(layers.length, ...lacking);
  for (const [layer, { firstReader, readers: count }] of layers.slice(0, complete).entries()) {
    for (const reader of readers.slice(firstReader, firstReader + count)) {
      for (let at = reader * stride; at < (reader + 1) * stride; at++) {
        if (pairs.some(([now, then]) => now[at] !== then[at])) return layer;
      }
    }
  }
  return complete;
}
