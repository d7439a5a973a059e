/** Runs a graph once on the CPU: what the tests of ops/ share. */
import * as ort from "../../base/packages/onnxruntime.ts";
import { type Graph, type Outputs, toOnnx } from "../../ops/mod.ts";

export async function runGraph(
  graph: Graph,
  outputs: Outputs,
  feeds: Record<string, Float32Array | Float64Array | BigInt64Array>,
): Promise<Record<string, Float64Array>> {
  const session = await ort.InferenceSession.create(toOnnx(graph, outputs), {
    intraOpNumThreads: 1,
  });
  const tensors: Record<string, ort.Tensor> = {};
  for (const input of graph.inputs) {
    if (!session.inputNames.includes(input.name)) continue;
    tensors[input.name] = new ort.Tensor(
      input.type as "float32",
      feeds[input.name] as Float32Array,
      input.dims,
    );
  }
  const results = await session.run(tensors);
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map((
      [name, tensor],
    ) => [name, Float64Array.from(tensor.data as Float32Array, Number)]),
  );
}
