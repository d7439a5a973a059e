/**
 * Devices, and engines that compute on them in a worker. This door loads no onnxruntime: session.ts, the other door of the
 * room, does.
 *
 * @module
 */
export { type Remote, serve } from "./calls.ts";
export {
  chooseDevice,
  type Device,
  type DeviceChoice,
  deviceChoices,
  DeviceError,
  type Provider,
} from "./device.ts";
export { type EngineCalls, type EngineOptions, startEngine } from "./engine.ts";
