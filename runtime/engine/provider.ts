/** Trial of onnxruntime's execution providers. @module */
import * as ort from "../../base/packages/onnxruntime.ts";
import { add, Graph, toOnnx } from "../../ops/mod.ts";
import type { Provider } from "./devices.ts";

/** Runs a sum of two numbers on a provider; the reason of its failure, or null. */
export async function tryProvider(provider: Provider): Promise<string | null> {
  const graph = new Graph("probe");
  const x = graph.input("x", "float32", [2]);
  try {
    const session = await ort.InferenceSession.create(toOnnx(graph, { y: add(x, x) }), {
      executionProviders: [provider],
      logSeverityLevel: 4,
    });
    const { y } = await session.run({ x: new ort.Tensor("float32", Float32Array.of(1, 2), [2]) });
    await session.release();
    return (y.data as Float32Array)[1] === 4 ? null : "it computed a wrong sum";
  } catch (error) {
    return lastLine(error instanceof Error ? error.message : String(error));
  }
}

/** Provider errors open with source locations; the sentence comes last. */
function lastLine(message: string): string {
  const line = message.trim().split("\n").at(-1) ?? "";
  return line.replace(/^.*?was false\.\s*/, "").slice(0, 200);
}

/** True if this build of onnxruntime has a provider. */
export function hasBackend(name: string): boolean {
  return ort.listSupportedBackends().some((backend) => backend.name === name && backend.bundled);
}
