/** The cost of a computation on a masked model. @module */

/** Cost of a method or a measurement. */
export interface Cost {
  /** Number of examples through a forward pass alone. */
  readonly forward: number;
  /** Number of examples through a forward and a backward pass. */
  readonly gradient: number;
  /** Time in seconds. */
  readonly seconds: number;
}
