/** States of runs as they are kept: each with the method and the version that it belongs to. @module */
import { packageVersion } from "../../base/version.ts";
import { DiscoveryError } from "./error.ts";

/** Version of the states; the second number changes whenever what a method keeps does. */
const VERSION = `${packageVersion}, states 2`;

/** The state of a run that can be resumed. */
export interface RunState {
  readonly method: string;
  readonly version: string;
  /** The method's own state. */
  readonly state: unknown;
}

export const runState = (method: string, state: unknown): RunState => ({
  method,
  version: VERSION,
  state,
});

/** True for the state of a run of the method by this version. */
export function isStateOf(method: string, value: unknown): value is RunState {
  const state = value as Partial<RunState> | null | undefined;
  return state?.method === method && state.version === VERSION && state.state !== undefined;
}

/**
 * The method's own state.
 *
 * @throws {DiscoveryError} if the value is no state of a run of the method by this version
 */
export function stateOf(method: string, value: unknown): unknown {
  if (isStateOf(method, value)) return value.state;
  const { method: of = "unknown", version = "unknown" } = Object(value) as Partial<RunState>;
  throw new DiscoveryError(
    `\`${method}\` (${VERSION}) cannot go on from a state of \`${of}\` (${version})`,
  );
}
