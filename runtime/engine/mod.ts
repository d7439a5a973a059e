/**
 * Devices, and engines that compute on them in a worker. This door loads no onnxruntime: session.ts, another door of the
 * room, does; devices.ts, the third, is records alone.
 *
 * @module
 */
export { type Remote, serve } from "./calls.ts";
export { chooseDevice, type Device, DeviceError } from "./device.ts";
export { type DeviceChoice, deviceChoices, devices } from "./devices.ts";
export { type EngineCalls, type EngineOptions, startEngine } from "./engine.ts";
