/**
 * `deno task bench`: a training step of Edge Pruning at GPT-2 small's shapes, against the rate of a large
 * matrix product on the same cores in the same run.
 *
 * @module
 */
import { Graph, matmul } from "../ops/mod.ts";
import { universeOf } from "../runtime/universe/universe.ts";
import { chooseDevice, type DeviceChoice } from "../runtime/engine/mod.ts";
import { openSession } from "../runtime/engine/session.ts";
import { type Architecture, openModel, shapeOf } from "../runtime/models/mod.ts";
import { randomFrom } from "../base/random.ts";
import { openStream } from "../runtime/stream/stream.ts";
import { gpt2Small, peakBytes, writeRandomModel } from "./random_model.ts";

const repeats = Number(Deno.env.get("CIRC_BENCH_REPEATS") ?? 5);
const device = await chooseDevice((Deno.env.get("CIRC_BENCH_DEVICE") ?? "cpu") as DeviceChoice);

/** Shortest of several runs, in seconds: the one that was disturbed least. */
async function shortest(run: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await run();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}

/** Floating-point operations per second of a square matrix product. */
async function largeMatrixRate(size = 2048): Promise<number> {
  const graph = new Graph("square");
  const dims = [size, size];
  const product = matmul(graph.input("a", "float32", dims), graph.input("b", "float32", dims));
  const session = await openSession(device, graph, { product });
  const fill = (value: number) => ({ data: new Float32Array(size * size).fill(value), dims });
  const [a, b, out] = [fill(0.5), fill(0.25), fill(0)];
  await session.run({ a, b }, { product: out });
  const seconds = await shortest(() => session.run({ a, b }, { product: out }));
  await session.release();
  return 2 * size ** 3 / seconds;
}

/**
 * Operations that a masked forward pass needs: every edge adds one multiple of a writer (2 N D), every reader's
 * projection, attention, the output projections, MLPs, and logits at one position per example. A backward pass
 * needs the mixing twice (masks and writers) and everything else once, since weights are frozen.
 */
function operations(a: Architecture, edges: number, batch: number, length: number) {
  const tokens = batch * length;
  const mixing = 2 * edges * tokens * a.width;
  const perLayer = 2 * tokens * a.width * (4 * a.heads * a.headSize + 2 * a.mlpWidth) +
    4 * a.heads * batch * length * length * a.headSize;
  const rest = a.layers * perLayer + 2 * batch * a.width * a.vocabulary;
  return { forward: mixing + rest, step: 3 * mixing + 2 * rest };
}

const folder = await Deno.makeTempDir({ prefix: "circ-bench-" });
try {
  await writeRandomModel(folder, gpt2Small);
  const model = await openModel(folder);
  const universe = universeOf(shapeOf(model.architecture), { embeddings: "split", qkv: "split" });
  const random = randomFrom(7);
  console.log(
    `GPT-2 small's shapes, random weights, ${universe.edgeCount} edges, ${device.provider}, float32, best of ${repeats}\n`,
  );
  for (const [batch, length] of [[8, 20], [32, 20]]) {
    const rateBefore = await largeMatrixRate();
    const tokens = () =>
      Int32Array.from({ length }, () => random.integer(model.architecture.vocabulary));
    const examples = Array.from(
      { length: batch },
      () => ({ cleanTokens: tokens(), corruptedTokens: tokens() }),
    );
    const all = examples.map((_, i) => i);
    const z = Float32Array.from({ length: universe.edgeCount }, () => random.uniform());
    const stream = openStream(device, model, universe, { batch, memoryBudget: 4e9 });
    const prepared = await stream.prepare(examples);
    const step = () => stream.gradient(prepared, z, all, { kind: "kl" });
    const forward = () => stream.evaluate(prepared, z, all, false);
    await step();
    await forward();
    const stepSeconds = await shortest(step);
    const forwardSeconds = await shortest(forward);
    // The machine may have sped up or slowed down meanwhile: the rate is the mean of before and after.
    const rate = (rateBefore + await largeMatrixRate()) / 2;
    const needed = operations(model.architecture, universe.edgeCount, batch, length);
    const giga = (x: number) => (x / 1e9).toFixed(1);
    console.log(`${batch} examples x ${length} tokens`);
    console.log(`  training step          ${(1000 * stepSeconds).toFixed(0)} ms`);
    console.log(`  forward only           ${(1000 * forwardSeconds).toFixed(0)} ms`);
    console.log(
      `  operations needed      ${giga(needed.step)} GFLOP a step, ${giga(needed.forward)} forward`,
    );
    console.log(`  large matrix product   ${giga(rate)} GFLOP/s`);
    console.log(
      `  seconds x that rate    ${giga(stepSeconds * rate)} GFLOP-equivalents a step, ${
        giga(forwardSeconds * rate)
      } forward`,
    );
    console.log(`  ratio to the limit     ${(stepSeconds * rate / needed.step).toFixed(2)}`);
    console.log(`  peak resident memory   ${giga(peakBytes())} GB\n`);
    await stream.close();
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
