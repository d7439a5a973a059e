/**
 * The cost of a computation on a masked model.
 *
 * @module
 */

/** Cost of a method or a measurement. */
export interface Cost {
  /** Examples through a forward pass, and through a forward and backward pass. */
  readonly forward: number;
  readonly gradient: number;
  readonly seconds: number;
}
