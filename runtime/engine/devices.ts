/** Records of devices, which the reference reads without loading an engine. @module */

/**
 * Devices by name. `passCost` is the fixed cost of a pass, in examples, which masks that share a pass save: on the CPU as
 * `bench/acdc.ts` measures it for prompts of 20 tokens; a GPU is far from busy with a few examples.
 */
export const devices = {
  auto: { about: "A GPU where there is one that works, otherwise the CPU." },
  cpu: { about: "The processor, on all of its cores.", passCost: 2 },
  webgpu: { about: "A GPU of any maker, by WebGPU.", passCost: 32 },
  cuda: { about: "An NVIDIA GPU, by CUDA.", passCost: 32 },
} as const;

/** A device by name; `auto` takes a GPU where there is one, and the CPU otherwise. */
export type DeviceChoice = keyof typeof devices;

/** Name of an onnxruntime execution provider. */
export type Provider = Exclude<DeviceChoice, "auto">;

/** Names of devices. */
export const deviceChoices = Object.keys(devices) as readonly DeviceChoice[];
