/**
 * Benchmark of ACDC: time saved by reusing the layers below the one at work, and by measuring several candidates in
 * a pass: the same sweep with and without, on the toy, for several numbers of examples.
 * `deno run -A bench/acdc.ts [TASK]`; CIRC_BENCH_THREADS sets the threads, CIRC_BENCH_EXAMPLES the numbers of examples,
 * CIRC_BENCH_BATCH the most that go through in one pass.
 *
 * @module
 */
import { discover } from "../runtime/discovery/mod.ts";
import type { DeviceChoice } from "../runtime/engine/mod.ts";
import type { MaskedModel, PreparedExamples } from "../runtime/stream/mod.ts";
import { openToy, openToyTask } from "./toy.ts";

const [name = "indirect-object"] = Deno.args;
const setting = (variable: string, otherwise: string) => Deno.env.get(variable) ?? otherwise;
const counts = setting("CIRC_BENCH_EXAMPLES", "1,8,32").split(",").map(Number);
const batch = Number(setting("CIRC_BENCH_BATCH", "32"));
const device = setting("CIRC_BENCH_DEVICE", "cpu") as DeviceChoice;

const { engine, masked } = await openToy({ device, threads: navigator.hardwareConcurrency }, batch);
const task = await openToyTask(name, masked.model);

const sweep = async (masked: MaskedModel, train: PreparedExamples) => {
  let passes = 0;
  const counting: MaskedModel = {
    ...masked,
    sequence: async (...given) => {
      const sequence = await masked.sequence(...given);
      const evaluate: typeof sequence.evaluate = (...given) => {
        passes++;
        return sequence.evaluate(...given);
      };
      return { ...sequence, evaluate };
    },
  };
  const { circuit, cost } = await discover(
    "acdc",
    { masked: counting, train, task: name, corruption: task.corruption, metric: task.metric },
    { threshold: 0.003 },
  );
  return { edges: circuit.edges, cost, passes };
};

console.log(`On ${engine.provider}, at most ${batch} examples in a pass.\n`);
console.log(
  "| examples | a pass goes | edges kept | passes | examples through | s | times as fast | circuit |",
);
console.log("| --- | --- | --- | --- | --- | --- | --- | --- |");
for (const count of counts) {
  const train = await masked.prepare(task.examples.train.slice(0, count));
  const alone: MaskedModel = { ...masked, batch: count };
  const whole: MaskedModel = {
    ...alone,
    sequence: (prepared, chosen) =>
      Promise.resolve({
        evaluate: (masks, options) =>
          Promise.all(masks.map((z) => masked.evaluate(prepared, z, { chosen, ...options }))),
        close: () => Promise.resolve(),
      }),
  };
  const ways = [
    ["from the first layer", whole],
    ["from the layer at work", alone],
    ["and for several candidates", masked],
  ] as const;
  // Sessions are compiled when first used: none of those that are timed pays for that.
  for (const [, masked] of ways) await sweep(masked, train);
  let first: Awaited<ReturnType<typeof sweep>> | undefined;
  for (const [way, masked] of ways) {
    const found = await sweep(masked, train);
    first ??= found;
    const { edges, cost, passes } = found;
    const same = edges.length === first.edges.length &&
      edges.every((edge, i) => edge === first!.edges[i]);
    console.log(
      `| ${count} | ${way} | ${edges.length} | ${passes} | ${cost.forward} | ${
        cost.seconds.toFixed(1)
      } | ${(first.cost.seconds / cost.seconds).toFixed(2)} | ${same ? "the same" : "ANOTHER"} |`,
    );
  }
  await masked.forget(train);
}
await engine.close();
