/**
 * Sessions of onnxruntime over buffers of the caller.
 *
 * An input or output is a *view*: a typed array and a shape. On the CPU a session writes an output view in place and
 * reads an input view without a copy, so many sessions can fill a large buffer piece by piece. `run` blocks its thread:
 * sessions belong in a worker.
 *
 * @module
 */
import * as ort from "../../base/packages/onnxruntime.ts";
import { type Graph, type Outputs, sizeOf, toOnnx } from "../../ops/mod.ts";
import { returnLargeBlocks } from "./allocator.ts";
import type { Device } from "./device.ts";

export type ViewData = Float32Array | BigInt64Array;

export interface View {
  readonly data: ViewData;
  readonly dims: readonly number[];
}

export type Views = Readonly<Record<string, View>>;

export interface SessionOptions {
  /** Folder that paths of file slices are relative to; needed when the graph has any. */
  readonly weightsFolder?: string;
  /**
   * Keeps weights in their file's pages, in place of a packed copy for faster products. A session then takes less memory,
   * by the size of its weights, and is slower when few rows meet large weights.
   */
  readonly shareWeights?: boolean;
  /**
   * Converts and rearranges weights at every run, in place of once when the session opens. Converted weights then exist
   * for a moment, one at a time, in place of a float32 copy per session.
   */
  readonly convertWeightsLate?: boolean;
  /** Values that are given in place of computed, and shapes that are left open; see `toOnnx`. */
  readonly cuts?: Outputs;
  readonly shapes?: "fixed" | "free";
}

export interface Session {
  /** Runs the graph once and writes the outputs in place. Outputs that the graph does not have are the caller's error. */
  run(inputs: Views, outputs: Views): Promise<void>;
  release(): Promise<void>;
}

/** Compiles a graph for a device. */
export async function openSession(
  device: Device,
  graph: Graph,
  outputs: Outputs,
  options: SessionOptions = {},
): Promise<Session> {
  if (options.convertWeightsLate) returnLargeBlocks();
  const session = await ort.InferenceSession.create(
    toOnnx(graph, outputs, options.cuts, options.shapes),
    {
      executionProviders: [device.provider],
      logSeverityLevel: 3,
      ...(device.threads === undefined ? {} : { intraOpNumThreads: device.threads }),
      // An arena per session would keep what a pass takes for good, once per layer; the allocator of the process serves
      // sessions in turn, and is no slower.
      enableCpuMemArena: false,
      // The highest level stores float16 weights as float32, even where another precision is requested (1.30).
      ...(options.convertWeightsLate ? { graphOptimizationLevel: "extended" } as const : {}),
      extra: {
        ...(options.convertWeightsLate
          ? { optimization: { disable_specified_optimizers: "ConstantFolding" } }
          : {}),
        session: {
          // Many sessions share the cores in turn: threads that spin after a run would fight the next one.
          force_spinning_stop: "1",
          ...(options.shareWeights ? { disable_prepacking: "1" } : {}),
          ...(options.weightsFolder
            ? { model_external_initializers_file_folder_path: options.weightsFolder }
            : {}),
        },
      },
    },
  );
  const known = new Set(session.inputNames);
  return {
    async run(inputs, results) {
      const feeds: Record<string, ort.Tensor> = {};
      // Callers give more than some graphs need.
      for (const [name, view] of Object.entries(inputs)) {
        if (known.has(name)) feeds[name] = tensorOf(name, view);
      }
      const fetches: Record<string, ort.Tensor> = {};
      for (const [name, view] of Object.entries(results)) fetches[name] = tensorOf(name, view);
      // `run` returns copies; it writes the views as well, on every provider (session_test.ts).
      await session.run(feeds, fetches);
    },
    release: () => session.release(),
  };
}

function tensorOf(name: string, { data, dims }: View): ort.Tensor {
  if (data.length !== sizeOf(dims)) {
    throw new RangeError(
      `Cannot use ${data.length} elements as ${name} must have shape [${dims.join(", ")}]`,
    );
  }
  return data instanceof Float32Array
    ? new ort.Tensor("float32", data, dims)
    : new ort.Tensor("int64", data, dims);
}
