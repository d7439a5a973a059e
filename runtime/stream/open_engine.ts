/**
 * Opens an engine whose worker holds masked models.
 *
 * @module
 */
import { type Engine, type EngineOptions, startEngine } from "../engine/engine.ts";

/**
 * Starts a worker for masked models and chooses its device.
 *
 * @throws {DeviceError} if the device asked for is not there, or `threads` is not a positive whole number.
 */
export function openEngine(options: EngineOptions = {}): Promise<Engine> {
  return startEngine(new URL("./worker.ts", import.meta.url), options);
}
