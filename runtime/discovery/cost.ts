/** Costs of searches, before they are made. @module */
import type { Cost } from "../stream/mod.ts";
import type { Universe } from "../universe/universe.ts";

/** Examples through a forward pass, and through a forward and backward pass. */
export type PassCounts = Pick<Cost, "forward" | "gradient">;

/** Passes of a search. */
export interface Passes extends PassCounts {
  /**
   * `at most`: how much is looked at depends on what is found. `between`: a clean-up measures besides, at least these passes
   * and at most {@linkcode most}.
   */
  readonly bound: "exactly" | "at most" | "between";
  /** With `between`: the most passes. */
  readonly most?: PassCounts;
}

/** Options that decide the batches of a training. */
export interface Drawing {
  readonly steps: number;
  readonly batch: number;
  readonly seed: number;
}

/** The size of a search. */
export interface SearchSize {
  /** Training examples. */
  readonly examples: number;
  readonly universe: Universe;
  /** Examples that all steps of a training draw together: batches have no more than there are of a length. */
  readonly drawn: (training: Drawing) => number;
  /** Masks that fill a pass over the examples. */
  readonly masksPerPass: number;
}

/** Passes with gradients, and no others. */
export const gradients = (gradient: number): Passes => ({
  forward: 0,
  gradient,
  bound: "exactly",
});

/** The number of edges that a search looks at. */
export const edgesSearched = (
  { within }: { readonly within?: Uint32Array },
  { universe }: SearchSize,
): number => within?.length ?? universe.edgeCount;
