/** The error of everything that is done with circuits. @module */
import { UserError } from "../../base/user_error.ts";

/** An error about a circuit, a component's name or a circuit's file. */
export class CircuitError extends UserError {
  /** Name of the class. */
  override readonly name = "CircuitError";
}
