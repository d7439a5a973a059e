/** Engines whose worker holds masked models. @module */
import { type Device, type EngineOptions, type Remote, startEngine } from "../engine/mod.ts";
import type { StreamCalls } from "./contract.ts";

/** An engine: a device, and a worker thread that computes on it. */
export interface Engine extends Device {
  /**
   * Calls into the worker.
   *
   * @internal
   */
  readonly calls: Remote<StreamCalls>;
  /**
   * Ends the worker and frees the memory of its models. Calls under way fail, and so do later ones: the models that were
   * opened on the engine can no longer be used.
   */
  close(): Promise<void>;
}

/**
 * Starts a worker for masked models and chooses its device.
 *
 * @throws {DeviceError} if the device does not exist here, or `threads` is not a positive whole number
 *
 * @example
 * ```ts
 * const engine = await openEngine({ device: "cpu", threads: 1 });
 * engine.reason; // "asked for"
 * await engine.close();
 * ```
 */
export function openEngine(options: EngineOptions = {}): Promise<Engine> {
  return startEngine<StreamCalls>(new URL("./worker.ts", import.meta.url), options);
}
