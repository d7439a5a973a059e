/**
 * The error of a search that cannot be made.
 *
 * @module
 */
import { UserError } from "../../base/user_error.ts";

/** An option out of range, or a search that cannot be made. */
export class DiscoveryError extends UserError {
  /** Name of the class. */
  override readonly name = "DiscoveryError";
}
