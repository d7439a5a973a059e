/**
 * One run of Edge Pruning and the family of circuits that it passes through, beside a run for each size:
 * `deno run -A bench/nested.ts [TASK] [STEPS]`.
 *
 * @module
 */
import { ofSize } from "../runtime/circuits/mod.ts";
import { discover } from "../runtime/discovery/mod.ts";
import { evaluateCircuit } from "../runtime/evaluation/mod.ts";
import { openToy, openToyTask } from "./toy.ts";

const [name = "pronoun", steps = "300"] = Deno.args;
const sizes = [15, 30, 60, 120, 240];

const { engine, masked } = await openToy();
const task = await openToyTask(name, masked.model);
const train = await masked.prepare(task.examples.train);
const test = await masked.prepare(task.examples.test);

const prune = (keep: number) =>
  discover(
    "edge_pruning",
    { masked, train, task: name, corruption: task.corruption },
    { keep, steps: Number(steps), seed: 1 },
  );
const klOf = async (circuit: Awaited<ReturnType<typeof prune>>["circuit"]) =>
  (await evaluateCircuit(masked, circuit, test, ["kl"])).kl;

const family = await prune(sizes[0]);
console.log(`| edges | of one run: on a path | KL | of a run of its own | KL |`);
console.log("| --- | --- | --- | --- | --- |");
for (const size of sizes) {
  const member = ofSize(family.circuit, size);
  const own = size === sizes[0] ? family : await prune(size);
  console.log(
    `| ${size} | ${member.edges.length} | ${
      (await klOf(member)).toPrecision(3)
    } | ${own.circuit.edges.length} | ${(await klOf(own.circuit)).toPrecision(3)} |`,
  );
}
await engine.close();
