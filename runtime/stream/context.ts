/**
 * What all passes over one model share.
 *
 * @module
 */
import type { Universe } from "../universe/universe.ts";
import type { Architecture } from "../models/architecture.ts";
import type { Arena } from "./arena.ts";
import type { BlockLayout, CachedExample } from "./cache.ts";
import type { Extent } from "./extent.ts";
import type { Mixing, Plan } from "./plan.ts";
import type { Share } from "./together.ts";

export interface Context {
  readonly architecture: Architecture;
  readonly universe: Universe;
  readonly blocks: BlockLayout;
  readonly arena: Arena;
  readonly mixing: Mixing;
  /** Embeddings that the dense graph gives: `tok`, and `pos` where positions are learned. */
  readonly embeddings: readonly string[];
}

/** Examples that go through the model together, padded to one length. */
export interface Pass {
  readonly plan: Plan;
  /** One per row of the batch, blocks in memory. */
  readonly examples: readonly CachedExample[];
  /** Per row, the position in the caller's choice of examples, or -1 for a row that only fills the batch. */
  readonly chosen: readonly number[];
  /** Masks as a matrix [readers, writers] of the universe: those of all rows, or what several masks have in common. */
  readonly masks: Float32Array;
  /** Several masks' rows; none where all rows have the same. Passes with several have no gradient. */
  readonly shares: readonly Share[];
  /** What of the model is computed. */
  readonly extent: Extent;
}

/** Tokens of a pass, padding included. */
export const tokensOf = ({ plan: { shape } }: Pick<Pass, "plan">): number =>
  shape.batch * shape.length;
