/**
 * Engines whose worker holds masked models.
 *
 * @module
 */
import {
  type EngineCalls,
  type EngineOf,
  type EngineOptions,
  startEngine,
} from "../engine/engine.ts";
import type { Universe } from "../universe/universe.ts";
import type { StreamOptions } from "./options.ts";
import type { Stream } from "./stream.ts";
import type { GraphModel } from "./weights.ts";

/** What the worker serves. */
export interface StreamCalls extends EngineCalls {
  /** Opens the stream of a model, which stays in the worker. */
  open(
    model: GraphModel,
    universe: Pick<Universe, "shape" | "convention">,
    options: StreamOptions,
  ): Stream;
}

/** An engine for masked models. */
export type Engine = EngineOf<StreamCalls>;

/**
 * Starts a worker for masked models and chooses its device.
 *
 * @throws {DeviceError} if the device asked for is not there, or `threads` is not a positive whole number.
 */
export function openEngine(options: EngineOptions = {}): Promise<Engine> {
  return startEngine<StreamCalls>(new URL("./worker.ts", import.meta.url), options);
}
