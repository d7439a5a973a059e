/** Options of the clean-up by measurement, and the passes that it takes. @module */
import type { PassCounts, SearchSize } from "../cost.ts";

export interface ExchangeOptions {
  /** Most exchanges of an edge inside for one outside. */
  readonly exchanges: number;
  /** Edges that an exchange looks at on either side. */
  readonly candidates: number;
}

export interface CleanUpOptions extends ExchangeOptions {
  /** Examples that are looked at (the first ones), at most. */
  readonly examples: number;
  /** Share of the edges that may go between two measurements. */
  readonly stride: number;
  /**
   * Edges measured for every edge that goes, those of the least effect by the mask gradient; null: all of them. The
   * gradient takes one edge at a time and knows nothing of saturation, but rarely ranks an edge that matters among the
   * least.
   */
  readonly measured: number | null;
}

export const cleanUpDefaults: CleanUpOptions = {
  examples: 96,
  stride: 0.1,
  measured: null,
  exchanges: 25,
  candidates: 12,
};

/** Points of the integrated gradients that order a circuit (half_by_half.ts). */
export const HALVING_POINTS = 3;

/** Number of passes over the examples that order a circuit of so many edges. */
export const passesHalfByHalf = (edges: number): number =>
  edges === 0 ? 0 : HALVING_POINTS * (Math.floor(Math.log2(edges)) + 1);

/** Least number of edges that are measured: in a small circuit each matters, and they are cheap. */
export const FEWEST_MEASURED = 32;

/** Sets of edges that a removal measures before some of `edges` edges go, and whether a gradient chooses them. */
export function measuredIn(
  edges: number,
  { stride, measured }: CleanUpOptions,
): { readonly many: number; readonly sets: number; readonly byGradient: boolean } {
  const many = Math.max(1, Math.floor(stride * edges));
  const count = measured === null
    ? Infinity
    : Math.max(FEWEST_MEASURED, Math.ceil(measured * many));
  return { many, sets: Math.min(count, edges), byGradient: count < edges };
}

/** Exchanges that only fill room, which the bound allows for besides those of the options. */
const FILLING = 8;

/**
 * Passes of a clean-up that ends with `budget` edges: at least those of one removal and one look for exchanges, at most those
 * of a removal from all edges and of every exchange that the options allow, each after all others of its round failed.
 */
export function cleanUpPasses(
  options: CleanUpOptions,
  budget: number,
  { examples, universe: { edgeCount } }: Omit<SearchSize, "masksPerPass">,
): { readonly least: PassCounts; readonly most: PassCounts } {
  const few = Math.min(options.examples, examples);
  const { exchanges, candidates } = options;
  const start = Math.min(edgeCount, Math.round(Math.max(1, 1.5 * budget)));
  const once = measuredIn(start, options);
  const removes = start > budget;
  const least = {
    forward: 3 * examples + few * (removes ? once.sets + 3 : 2),
    gradient: few * (Number(removes && once.byGradient) + Number(exchanges > 0)),
  };
  let [sets, gradients] = [2 + FEWEST_MEASURED * (FEWEST_MEASURED + 1), FEWEST_MEASURED];
  for (let edges = edgeCount; edges > budget;) {
    const round = measuredIn(edges, options);
    sets += round.sets + 1;
    gradients += Number(round.byGradient);
    edges -= round.many;
  }
  const tries = exchanges === 0 ? 0 : exchanges + FILLING + 1;
  // With each exchange: incoming and outgoing candidates, the same after fresh effects, and three times as many.
  sets += budget + tries * (20 * candidates + budget);
  gradients += 4 * tries;
  const widenings = Math.ceil(Math.log2(Math.max(1, edgeCount / start))) + 1;
  return {
    least,
    most: { forward: (3 + widenings) * examples + few * sets, gradient: few * gradients },
  };
}
