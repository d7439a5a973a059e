/**
 * Choice of the device that sessions run on, with its reason.
 *
 * onnxruntime falls back to the CPU without a word, so a provider is tried (provider.ts) before it is chosen. This module
 * loads onnxruntime only then: names, types and errors of devices cost nothing.
 *
 * @module
 */
import { helpFor } from "../../base/help_line.ts";
import { UserError } from "../../base/user_error.ts";
import { type DeviceChoice, deviceChoices } from "./devices.ts";

/** The device of an engine. */
export interface Device {
  /** The onnxruntime execution provider that computes. */
  readonly provider: Exclude<DeviceChoice, "auto">;
  /** The reason of the choice, one sentence for the user. */
  readonly reason: string;
  /** Threads of an operator on the CPU; undefined: as many as there are cores. */
  readonly threads?: number;
}

/** A device that does not exist on this machine, or that cannot be used. */
export class DeviceError extends UserError {
  /** Name of the class. */
  override readonly name = "DeviceError";
}

/**
 * Resolves a choice to a provider that works on this machine.
 *
 * @throws {DeviceError} if a provider is chosen by name and cannot run, the name is unknown, or `threads` is not a
 *   positive whole number
 */
export async function chooseDevice(choice: DeviceChoice, threads?: number): Promise<Device> {
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1)) {
    throw new DeviceError(
      `the number of threads must be a whole number from 1: this is ${threads}`,
    );
  }
  return { ...await resolve(choice), threads };
}

async function resolve(choice: DeviceChoice): Promise<Device> {
  if (!deviceChoices.includes(choice)) {
    throw new DeviceError(
      `unknown device \`${choice}\``,
      helpFor(choice, deviceChoices, "the devices are"),
    );
  }
  if (choice === "cpu") return { provider: "cpu", reason: "asked for" };
  if (choice !== "auto") {
    const { tryProvider } = await import("./provider.ts");
    const failure = await tryProvider(choice);
    if (failure === null) return { provider: choice, reason: "asked for" };
    throw new DeviceError(`no device \`${choice}\` can be used here: ${failure}`);
  }
  if (!mayHaveGpu()) return { provider: "cpu", reason: "no GPU on this machine" };
  const { hasBackend, tryProvider } = await import("./provider.ts");
  for (const provider of ["cuda", "webgpu"] as const) {
    if (provider === "cuda" && !hasBackend("cuda")) continue;
    if (await tryProvider(provider) === null) {
      return { provider, reason: "a GPU is there, and auto takes it" };
    }
  }
  return { provider: "cpu", reason: "a GPU is there, but no provider can use it" };
}

/**
 * True if a GPU's device files exist. Probing WebGPU where there is none prints driver warnings, and a
 * software driver is never what `auto` means.
 */
function mayHaveGpu(): boolean {
  if (Deno.build.os !== "linux") return true;
  const exists = (path: string) => {
    try {
      Deno.statSync(path);
      return true;
    } catch {
      return false;
    }
  };
  return ["/dev/dri/renderD128", "/dev/nvidia0", "/dev/dxg"].some(exists);
}
