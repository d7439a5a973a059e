/** The error of a search that cannot be made. @module */
import { UserError } from "../../base/user_error.ts";

/** An option out of range, or a search that cannot be made. */
export class DiscoveryError extends UserError {
  /** Name of the class. */
  override readonly name = "DiscoveryError";
}

/** The error about a number or a share of edges that no circuit has. */
export const cannotKeep = (amount: string | number, edgeCount: number): DiscoveryError =>
  new DiscoveryError(
    `cannot keep ${amount} of ${edgeCount} edges`,
    "a share such as 2%, or a whole number from 1 to the number of edges",
  );

/** The error about the true circuit of a model that is no compiled program. */
export const unknownTruth = (model: string): DiscoveryError =>
  new DiscoveryError(
    `nobody knows the true circuit of \`${model}\``,
    "only models that come from a program have a known circuit",
  );
