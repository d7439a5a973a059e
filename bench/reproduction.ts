/**
 * Edge Pruning on a model and prompts that are not the project's own, beside what the published implementation
 * found on them with its published settings: `deno run -A bench/reproduction.ts [ROW ...]`.
 *
 * The published circuits are evaluated here as well, so that both columns of KL come from one evaluator. Rows can be
 * named: `greater-than-36 indirect-object-73 indirect-object-94 pronoun-15`. CIRC_BENCH_STEPS and CIRC_BENCH_SEED
 * change the steps of a run and its seed, CIRC_BENCH_THREADS the threads.
 *
 * @module
 */
import { importCircuit } from "../runtime/circuits/mod.ts";
import { edgePruning, type EdgePruningOptions } from "../runtime/discovery/methods/edge_pruning.ts";
import { evaluateCircuit, evaluateFull } from "../runtime/evaluation/mod.ts";
import { openToy, openToyTask, toyRows } from "./toy.ts";

/** Share of the writers that are closed besides edges, for every task. */
const nodeSparsity = 0.5;

const steps = Number(Deno.env.get("CIRC_BENCH_STEPS") ?? 800);
const seed = Number(Deno.env.get("CIRC_BENCH_SEED") ?? 42);
const published = new URL("../tests/fixtures/reference-circuits/", import.meta.url).pathname;
const wanted = toyRows.filter(({ name }) => Deno.args.length === 0 || Deno.args.includes(name));

const { engine, masked } = await openToy({ threads: navigator.hardwareConcurrency });
const { edgeCount } = masked.universe;

console.log(
  `${edgeCount} edges, ${steps} steps, seed ${seed}, ${engine.provider}; theirs: 3000 steps, 600-800 s\n`,
);
console.log(
  "| task | edges | theirs | KL | theirs (here) | exact match | theirs | metric | full model | s |\n" +
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
);
for (const row of wanted) {
  const task = await openToyTask(row.task, masked.model);
  const metric = task.metric as string;
  const train = await masked.prepare(task.examples.train);
  const test = await masked.prepare(task.examples.test);
  const climb = { from: 0, over: Math.round(0.75 * steps), shape: "log" } as const;
  const options: Partial<EdgePruningOptions> = {
    steps,
    warmUp: 20,
    edgeSparsity: { ...climb, to: 1 - row.edges / edgeCount },
    nodeSparsity: { ...climb, to: nodeSparsity },
    keep: row.edges,
    cleanUp: { examples: 200, stride: 0.1, measured: null, exchanges: 40, candidates: 12 },
    seed,
  };
  const { circuit, cost } = await edgePruning.run(
    { masked, train, task: row.task, corruption: task.corruption },
    options,
  );
  const metrics = ["kl", "exact_match", metric];
  const ours = await evaluateCircuit(masked, circuit, test, metrics);
  const full = await evaluateFull(masked, test, metrics);
  const { circuit: theirs } = await importCircuit(`${published}${row.name}.json`, masked.universe);
  const here = await evaluateCircuit(masked, theirs, test, metrics);
  const show = (value: number, digits = 4) => value.toFixed(digits);
  console.log(
    `| ${row.task} | ${circuit.edges.length} | ${theirs.edges.length} | ${show(ours.kl)} | ${
      show(row.kl)
    } (${show(here.kl)}) | ${show(ours.exact_match, 3)} | ${show(row.exactMatch, 3)} (${
      show(here.exact_match, 3)
    }) | ${show(ours[metric], 3)} | ${show(full[metric], 3)} | ${show(cost.seconds, 0)} |`,
  );
  await masked.forget(train);
  await masked.forget(test);
}
await engine.close();
