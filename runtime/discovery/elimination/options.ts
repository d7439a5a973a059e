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
