/**
 * What reusing the layers below the one at work saves ACDC: the same sweep with and without, on the toy.
 * `deno run -A bench/acdc.ts [TASK]`; CIRC_BENCH_THREADS sets the threads, CIRC_BENCH_EXAMPLES the examples.
 *
 * @module
 */
import { discover } from "../runtime/discovery/mod.ts";
import { openEngine } from "../runtime/engine/engine.ts";
import { type MaskedModel, openMasked } from "../runtime/masked.ts";
import { openModel } from "../runtime/models/mod.ts";
import { openToyTask, toyFolder } from "./toy.ts";

const [name = "indirect-object"] = Deno.args;
const threads = Number(Deno.env.get("CIRC_BENCH_THREADS") ?? navigator.hardwareConcurrency);
const count = Number(Deno.env.get("CIRC_BENCH_EXAMPLES") ?? 32);

const model = await openModel(toyFolder);
const engine = await openEngine({ device: "cpu", threads });
const masked = await openMasked(engine, model, { batch: 32 });
const task = await openToyTask(name, model);
const train = await masked.prepare(task.examples.train.slice(0, count));
const whole: MaskedModel = {
  ...masked,
  evaluate: (prepared, z, options) => masked.evaluate(prepared, z, { ...options, goOn: false }),
};

const sweep = async (masked: MaskedModel) => {
  const { circuit, cost } = await discover(
    "acdc",
    { masked, train, task: name, corruption: task.corruption, metric: task.metric },
    { threshold: 0.003 },
  );
  return { edges: circuit.edges, cost };
};
// Sessions are compiled when first used: neither of the two that are timed pays for that.
await sweep(masked);
console.log("| passes | edges kept | examples through | s | ms an edge |");
console.log("| --- | --- | --- | --- | --- |");
const line = (way: string, { edges, cost }: Awaited<ReturnType<typeof sweep>>) =>
  console.log(
    `| ${way} | ${edges.length} | ${cost.forward} | ${cost.seconds.toFixed(1)} | ${
      (1000 * cost.seconds / (cost.forward / count)).toFixed(1)
    } |`,
  );
const all = await sweep(whole);
line("whole", all);
const less = await sweep(masked);
line("from the layer at work", less);
const same = all.edges.length === less.edges.length &&
  all.edges.every((edge, i) => edge === less.edges[i]);
console.log(
  `\n${(all.cost.seconds / less.cost.seconds).toFixed(2)} times as fast, ${
    same ? "the same circuit" : "ANOTHER CIRCUIT"
  }`,
);
engine.close();
