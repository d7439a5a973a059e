/** Objectives that methods cannot work with. @module */
import { DiscoveryError } from "./error.ts";
import type { CircuitWord } from "./fields.ts";

/** An objective that a method cannot work with unless the circuit has another field too. */
export interface Refusal {
  /** Name of the metric that is refused. */
  readonly objective: string;
  /** Field of the circuit with which the method takes the objective all the same. */
  readonly unless: CircuitWord;
  /** The reason, a sentence without a full stop: the message of the error. */
  readonly why: string;
  /** Another way, which completes `take ...` in the help of the error. */
  readonly instead: string;
}

/**
 * The error about an objective that a method refuses, or undefined where the method takes it.
 *
 * @param objective name of a metric, or `metric` for the task's own
 * @param own name of the task's own metric
 * @param has true for a field that the circuit has
 */
export function refusalOf(
  refuses: Refusal | undefined,
  objective: string | undefined,
  own: string | undefined,
  has: (word: CircuitWord) => boolean,
): DiscoveryError | undefined {
  const metric = objective === "metric" ? own : objective;
  if (!refuses || metric !== refuses.objective || has(refuses.unless)) return undefined;
  const other = own === refuses.objective ? "" : "`objective metric`, or ";
  return new DiscoveryError(refuses.why, `take ${other}${refuses.instead}`);
}
