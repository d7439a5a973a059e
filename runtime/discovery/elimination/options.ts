/** Options of the clean-up by measurement. @module */

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
