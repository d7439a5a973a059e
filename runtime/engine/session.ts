/**
 * onnxruntime sessions over buffers that we own.
 *
 * An input or output is a *view*: a typed array and a shape. On the CPU an output view is written in
 * place and an input view is read without a copy, so a large buffer can be filled piece by piece by many
 * sessions. `run` blocks its thread: sessions belong in a worker.
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
  /** Folder that file slices are relative to; needed when the graph has any. */
  readonly weightsFolder?: string;
  /**
   * Keep weights in their file's pages instead of packing a copy for faster products. Saves the weights'
   * size in memory per session; costs speed when few rows meet large weights.
   */
  readonly shareWeights?: boolean;
  /**
   * Convert and rearrange weights at every run instead of once when the session opens. What is made of them
   * then lives for a moment, one at a time, instead of as a float32 copy per session.
   */
  readonly convertWeightsLate?: boolean;
  /** Values that are fed instead of computed, and whether shapes are left open; see `toOnnx`. */
  readonly cuts?: Outputs;
  readonly shapes?: "fixed" | "free";
}

export interface Session {
  /** Runs once; `outputs` are written in place. Names that the graph does not have are an error of the caller. */
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
      // The highest level stores float16 weights as float32, whatever else is asked for (1.30).
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
      // A graph may not need everything that its caller has at hand.
      for (const [name, view] of Object.entries(inputs)) {
        if (known.has(name)) feeds[name] = tensorOf(name, view);
      }
      const fetches: Record<string, ort.Tensor> = {};
      for (const [name, view] of Object.entries(results)) fetches[name] = tensorOf(name, view);
      // What `run` returns are copies; the views themselves are written as well, on every provider (session_test.ts).
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
