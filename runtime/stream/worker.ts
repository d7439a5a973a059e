/**
 * The worker that sessions live in. onnxruntime's `run` blocks its thread, so the thread of progress and Ctrl-C is
 * another.
 *
 * @module
 */
import { chooseDevice, type Device, serve } from "../engine/mod.ts";
import { universeOf } from "../universe/universe.ts";
import type { StreamCalls } from "./contract.ts";
import { openStream } from "./stream.ts";

let device: Device | undefined;

serve(
  self as never,
  {
    device: async (choice, threads) => device = await chooseDevice(choice, threads),
    open: (model, { shape, convention }, options) =>
      openStream(device!, model, universeOf(shape, convention), options),
  } satisfies StreamCalls,
);
