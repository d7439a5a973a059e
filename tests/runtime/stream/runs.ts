/** Counts of session runs: how much of a model a piece of work computes. */
import * as ort from "../../../base/packages/onnxruntime.ts";

/** Counts runs of sessions while `work` is under way. */
export async function runsOf<T>(work: () => Promise<T>): Promise<{ runs: number; result: T }> {
  const { prototype } = ort.InferenceSession as unknown as {
    prototype: { run: (...args: unknown[]) => Promise<unknown> };
  };
  const { run } = prototype;
  let runs = 0;
  prototype.run = function (...args) {
    runs++;
    return run.apply(this, args);
  };
  try {
    return { result: await work(), runs };
  } finally {
    prototype.run = run;
  }
}
