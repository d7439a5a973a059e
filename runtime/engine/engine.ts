/** Engines: a device, and the worker thread of its sessions. @module */
import { connect, type Connection, type Remote } from "./calls.ts";
import { type Device, DeviceError } from "./device.ts";
import type { DeviceChoice } from "./devices.ts";

/** Calls that every engine's worker serves. */
export interface EngineCalls {
  /** Chooses the device of all sessions to come. */
  device(choice: DeviceChoice, threads?: number): Promise<Device>;
}

/** Options of an engine. */
export interface EngineOptions {
  /** The device to compute on; default: `auto`. */
  readonly device?: DeviceChoice;
  /** Threads of an operator on the CPU; default: as many as there are cores. */
  readonly threads?: number;
}

/**
 * Starts a worker and chooses its device.
 *
 * @param worker the module that holds the sessions and serves the calls
 * @throws {DeviceError} if the device asked for is not there, or `threads` is not a positive whole number
 */
export async function startEngine<Calls extends EngineCalls>(
  worker: URL,
  { device: choice = "auto", threads }: EngineOptions = {},
): Promise<Device & Connection<Calls>> {
  const connection = await connect<Calls>(worker, [DeviceError, RangeError, TypeError]);
  const { device } = connection.calls as Remote<EngineCalls>;
  try {
    return { ...await device(choice, threads), ...connection };
  } catch (error) {
    await connection.close();
    throw error;
  }
}
