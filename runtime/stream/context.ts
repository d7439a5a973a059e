/** Common ground of all passes over one model. @module */
import type { Architecture } from "../models/mod.ts";
import type { Universe } from "../universe/universe.ts";
import type { Arena } from "./arena.ts";
import type { MaskRows } from "./batched_masks.ts";
import type { BlockLayout, CachedExample } from "./cache.ts";
import type { LiveSubgraph } from "./live_subgraph.ts";
import type { MixingSessions, ShapeSessions } from "./sessions.ts";

export interface Context {
  readonly architecture: Architecture;
  readonly universe: Universe;
  readonly blocks: BlockLayout;
  readonly arena: Arena;
  readonly mixing: MixingSessions;
  /** Embeddings that the dense graph gives: `tok`, and `pos` where positions are learned. */
  readonly embeddings: readonly string[];
}

/** A batch of examples, padded to one length, under one mask or several. */
export interface Pass {
  readonly sessions: ShapeSessions;
  /** Example of every row, with its block, [batch]. */
  readonly examples: readonly CachedExample[];
  /** Place of each row among the chosen examples, or -1 for a row that only fills the batch, [batch]. */
  readonly chosen: readonly number[];
  /** Masks [readers, writers] of the universe: those of all rows, or the least of several masks. */
  readonly masks: Float32Array;
  /** Rows of each of several masks; empty where all rows have the same. Passes with several masks have no gradient. */
  readonly maskRows: readonly MaskRows[];
  readonly subgraph: LiveSubgraph;
}

/** Tokens of a pass, padding included: batch * length. */
export const tokensOf = ({ sessions: { shape } }: Pick<Pass, "sessions">): number =>
  shape.batch * shape.length;
