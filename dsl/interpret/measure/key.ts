/** Keys of measurements: everything that decides a number. @module */
import { createHash } from "node:crypto";
import { Memo } from "../../../base/memo.ts";
import { hashOfText } from "../../../base/hash.ts";
import { type MetricChoice, nameOfMetric } from "../../../runtime/metrics/mod.ts";
import { ablationOf, type Circuit } from "../../../runtime/circuits/mod.ts";
import type { Split, Task } from "../../../runtime/tasks/mod.ts";
import type { Measurement } from "../effects.ts";
import { at } from "../error.ts";
import { RESULTS_VERSION } from "../run/version.ts";

interface Digest {
  readonly text: string;
}
const digests = new Memo<Digest>();

/** The key of each metric of a measurement: the same key, the same number. */
export async function keysOf(
  { value, model, metrics, examples, split, means, place }: Measurement,
): Promise<string[]> {
  const { circuit } = value;
  const about = JSON.stringify({
    version: RESULTS_VERSION,
    circuit: circuitDigest(circuit),
    ablation: ablationOf(circuit),
    model: await at(place, () => model.model.hash()),
    convention: model.universe.convention,
    examples: splitDigest(examples, split),
    ...(means && { means: splitDigest(means, "train") }),
    metric: nameOfMetric(examples.metric),
  });
  return await Promise.all(
    metrics.map((metric: MetricChoice) =>
      hashOfText(JSON.stringify([nameOfMetric(metric), about]))
    ),
  );
}

const circuitDigest = (circuit: Circuit): string =>
  digests.get([circuit], () => {
    const { edges, scores } = circuit;
    return { text: hashOf([edges, ...(scores ? [scores] : [])]) };
  }).text;

const splitDigest = (task: Task, split: Split): string =>
  digests.get([task, split], () => ({
    text: hashOf(task.examples[split].flatMap((example) => [
      example.cleanTokens,
      example.corruptedTokens,
      example.answers,
      example.wrong,
    ])),
  })).text;

/** SHA-256 over arrays of numbers, each with its length. */
function hashOf(parts: readonly (Int32Array | Uint32Array | Float32Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(`${part.length}\n`);
    hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  }
  return hash.digest("hex");
}
