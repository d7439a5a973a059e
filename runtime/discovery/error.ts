/**
 * The error of a search that cannot be made.
 *
 * @module
 */

/** An option out of range, or a search that cannot be made. */
export class DiscoveryError extends Error {
  /** Name of the class. */
  override name = "DiscoveryError";
}
