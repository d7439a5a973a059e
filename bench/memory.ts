/**
 * `deno run -A bench/memory.ts [case ...]`: resident memory of opening a large model and of a discovery step, against the
 * weights' size and against what {@linkcode memoryEstimate} says. Weights are random, written to a temporary folder.
 *
 * Each case runs in a process of its own, whose peak the system counts. Cases: see {@linkcode cases}; all of them by
 * default. They need up to 20 GB of memory and 4 GB of disk.
 *
 * @module
 */
import { edgePruning } from "../runtime/discovery/methods/edge_pruning.ts";
import { openEngine, openMasked } from "../runtime/stream/mod.ts";
import { chooseDevice } from "../runtime/engine/mod.ts";
import { openSession } from "../runtime/engine/session.ts";
import { openModel, type WeightType } from "../runtime/models/mod.ts";
import { randomFrom } from "../base/random.ts";
import { denseGraph } from "../runtime/stream/graphs.ts";
import { memoryEstimate } from "../runtime/stream/memory.ts";
import { weightSettings, weightsFolder } from "../runtime/stream/weights.ts";
import { llamas, peakBytes, writeRandomModel } from "./random_model.ts";

interface Case {
  readonly shape: keyof typeof llamas;
  readonly type: WeightType;
  /** Examples, tokens and steps of a discovery; without it one dense pass of 32 tokens. */
  readonly discovery?: { readonly batch: number; readonly length: number; readonly steps: number };
}

const cases: Readonly<Record<string, Case>> = {
  "dense-float32": { shape: "halfBillion", type: "float32" },
  "dense-float16": { shape: "billion", type: "float16" },
  "discovery-small": {
    shape: "small",
    type: "float32",
    discovery: { batch: 16, length: 48, steps: 3 },
  },
  "discovery-float32": {
    shape: "halfBillion",
    type: "float32",
    discovery: { batch: 8, length: 24, steps: 2 },
  },
  "discovery-bfloat16": {
    shape: "halfBillion",
    type: "bfloat16",
    discovery: { batch: 8, length: 24, steps: 2 },
  },
};

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;

async function densePass(folder: string): Promise<string> {
  const model = await openModel(folder);
  const length = 32;
  const { graph, outputs } = denseGraph(model, { batch: 1, length }, 1);
  const device = await chooseDevice("cpu");
  const session = await openSession(device, graph, { logits: outputs.logits }, {
    weightsFolder: weightsFolder(model),
    ...weightSettings(model),
  });
  const { vocabulary } = model.architecture;
  await session.run({
    tokens: { data: BigInt64Array.from({ length }, (_, i) => BigInt(i)), dims: [length] },
    rows: { data: BigInt64Array.of(BigInt(length - 1)), dims: [1] },
  }, { logits: { data: new Float32Array(vocabulary), dims: [1, vocabulary] } });
  let float32 = 0;
  for (const { dims } of model.tensors.values()) float32 += 4 * dims.reduce((a, b) => a * b, 1);
  const peak = peakBytes();
  return `${gigabytes(float32)} as float32, peak ${gigabytes(peak)}: ${
    (peak / float32).toFixed(2)
  } times`;
}

async function discovery(
  folder: string,
  { batch, length, steps }: NonNullable<Case["discovery"]>,
): Promise<string> {
  const model = await openModel(folder);
  const engine = await openEngine({ device: "cpu" });
  const convention = { embeddings: "joint", qkv: "split" } as const;
  const masked = await openMasked(engine, model, { batch, convention });
  const random = randomFrom(3);
  const tokens = () =>
    Int32Array.from({ length }, () => random.integer(model.architecture.vocabulary));
  const count = 2 * batch;
  const examples = Array.from({ length: count }, () => ({
    clean: "",
    corrupted: "",
    cleanTokens: tokens(),
    corruptedTokens: tokens(),
    answers: Int32Array.of(1),
    wrong: Int32Array.of(),
  }));
  const estimate = memoryEstimate(model, masked.universe, { batch, length, examples: count });
  const train = await masked.prepare(examples);
  const { cost } = await edgePruning.run(
    { masked, train, task: "random", corruption: "random" },
    { steps, batch, warmUp: 1, edgeSparsity: { from: 0, to: 0.5, over: steps, shape: "linear" } },
  );
  await engine.close();
  const peak = peakBytes();
  const parts = Object.entries(estimate).map(([name, bytes]) => `${name} ${gigabytes(bytes)}`);
  return `${masked.universe.edgeCount} edges, ${batch} x ${length} tokens, ${
    (cost.seconds / steps).toFixed(1)
  } s a step, peak ${gigabytes(peak)}, predicted ${gigabytes(estimate.total)} (${
    Math.round(100 * (estimate.total / peak - 1))
  } %): ${parts.join(", ")}`;
}

if (Deno.args[0] === "--in") {
  const [, folder, name] = Deno.args;
  const { discovery: settings } = cases[name];
  console.log(settings ? await discovery(folder, settings) : await densePass(folder));
} else {
  const parent = await Deno.makeTempDir({ prefix: "circ-memory-" });
  try {
    for (const name of Deno.args.length > 0 ? Deno.args : Object.keys(cases)) {
      const { shape, type } = cases[name];
      const folder = `${parent}/${shape}-${type}`;
      const written = await Deno.stat(folder).then(() => true, () => false);
      if (!written) await writeRandomModel(folder, llamas[shape], type);
      const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", import.meta.url, "--in", folder, name],
      }).output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
      console.log(`${name}: ${success ? text(stdout) : `failed\n${text(stderr)}`}`);
    }
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}
