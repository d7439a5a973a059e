/**
 * An engine: the device that was chosen, and the worker that its sessions live in.
 *
 * @module
 */
import { type Caller, startWorker, WorkerError } from "./calls.ts";
import { type Device, type DeviceChoice, DeviceError } from "./device.ts";

export interface Engine extends Device {
  /** Calls into the worker; for the runtime's own use. */
  readonly calls: Caller;
  /** Ends the worker. Models opened on it can no longer be used. */
  close(): void;
}

/** The device to compute on, and how many threads an operator may use there. */
export interface EngineOptions {
  readonly device?: DeviceChoice;
  readonly threads?: number;
}

/**
 * Starts a worker and chooses its device.
 *
 * @param worker the module that holds the sessions and answers the calls
 * @throws {DeviceError} if the device asked for is not there, or `threads` is not a positive whole number.
 */
export async function startEngine(worker: URL, options: EngineOptions = {}): Promise<Engine> {
  const calls = startWorker(worker);
  try {
    const device = await calls.call<Device>("device", [options.device ?? "auto", options.threads]);
    return { ...device, calls, close: () => calls.close() };
  } catch (error) {
    calls.close();
    if (error instanceof WorkerError && error.name === "DeviceError") {
      throw new DeviceError(error.message);
    }
    throw error;
  }
}
