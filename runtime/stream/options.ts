/**
 * Options of the masked stream.
 *
 * @module
 */

/** Options of the stream. */
export interface StreamOptions {
  /** Most examples in one pass. */
  readonly batch: number;
  /** Bytes that corrupted runs may take in memory; what does not fit is computed again at every use. */
  readonly memoryBudget: number;
}

/** Default options of the stream. */
export const defaultStreamOptions: StreamOptions = { batch: 32, memoryBudget: 4e9 };
