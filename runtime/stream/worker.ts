/**
 * The worker that sessions live in: onnxruntime's `run` blocks its thread, so progress and Ctrl-C need another.
 *
 * @module
 */
import { type Universe, universeOf } from "../universe/universe.ts";
import { serveCalls } from "../engine/calls.ts";
import { chooseDevice, type Device, type DeviceChoice } from "../engine/device.ts";
import type { StreamOptions } from "./options.ts";
import { openStream, type Stream } from "./stream.ts";
import type { GraphModel } from "./weights.ts";

let device: Device | undefined;
const streams = new Map<number, Stream>();
let nextStream = 0;

type Prepare = Parameters<Stream["prepare"]>;

serveCalls(self as never, (note) => ({
  async device(choice: DeviceChoice, threads?: number): Promise<Device> {
    return device = await chooseDevice(choice, threads);
  },
  open(model: GraphModel, { shape, convention }: Universe, options: StreamOptions): number {
    streams.set(nextStream, openStream(device!, model, universeOf(shape, convention), options));
    return nextStream++;
  },
  prepare: (stream: number, examples: Prepare[0], ablation: Prepare[1]) =>
    streams.get(stream)!.prepare(examples, ablation, note),
  targets: (stream: number, ...args: Parameters<Stream["targets"]>) =>
    streams.get(stream)!.targets(...args),
  evaluate: (stream: number, ...args: Parameters<Stream["evaluate"]>) =>
    streams.get(stream)!.evaluate(...args),
  evaluateEach: (stream: number, ...args: Parameters<Stream["evaluateEach"]>) =>
    streams.get(stream)!.evaluateEach(...args),
  gradient: (stream: number, ...args: Parameters<Stream["gradient"]>) =>
    streams.get(stream)!.gradient(...args),
  forget: (stream: number, prepared: number) => streams.get(stream)!.forget(prepared),
  async close(stream: number) {
    await streams.get(stream)!.release();
    streams.delete(stream);
  },
}));
