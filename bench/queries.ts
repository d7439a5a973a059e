/**
 * Benchmark of queries on a universe of CodeLlama-13B's shape: 3,877,661 edges with random scores.
 *
 *     deno run -A bench/queries.ts
 *
 * @module
 */
import { openCircuit, saveCircuit } from "../runtime/circuits/files.ts";
import { bestPaths } from "../runtime/circuits/queries/best_paths.ts";
import { edgesOf, nodesOf } from "../runtime/circuits/queries/build.ts";
import { countPaths } from "../runtime/circuits/queries/paths.ts";
import { reachable } from "../runtime/universe/reachability.ts";
import { fullCircuit, intersection, union } from "../runtime/circuits/sets.ts";
import { top } from "../runtime/circuits/ranking.ts";
import { universeOf } from "../runtime/universe/universe.ts";
import type { Circuit } from "../runtime/circuits/circuit.ts";

const universe = universeOf(
  { layers: 40, heads: 40, keyValueHeads: 40, residual: "sequential", learnedPositions: false },
  { embeddings: "joint", qkv: "split" },
);
const scores = new Float32Array(universe.edgeCount);
let state = 42;
for (let edge = 0; edge < scores.length; edge++) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  scores[edge] = state / 2 ** 32;
}
const provenance = { name: "big", expression: "random" };
const big: Circuit = { ...fullCircuit(universe), scores, provenance };
const half = top(big, universe.edgeCount >> 1);

/** Milliseconds of the fastest, the median and the first of some runs. */
async function time(run: () => unknown, runs = 7): Promise<{ first: number; median: number }> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    await run();
    times.push(performance.now() - started);
  }
  const [first] = times;
  return { first, median: times.sort((a, b) => a - b)[runs >> 1] };
}

async function report(what: string, run: () => unknown, limit?: number, runs?: number) {
  const { first, median } = await time(run, runs);
  const asked = limit === undefined
    ? ""
    : first <= limit
    ? `  (asked: ${limit})`
    : `  TOO SLOW: asked for ${limit}`;
  console.log(
    `${what.padEnd(66)} first ${first.toFixed(0).padStart(5)} ms, median ${
      median.toFixed(0).padStart(5)
    } ms${asked}`,
  );
}

console.log(`${universe.edgeCount.toLocaleString("en-US")} edges, random scores`);
const queries = [
  edgesOf(big).where("to", "=", "a3.*").where("weight", ">", 0.5).orderBy("weight", "desc").limit(
    10,
  ),
  edgesOf(big).where("weight", ">", 0.5).orderBy("weight", "desc").limit(10),
  edgesOf(half).where("from", "=", "m*").where("weight", "<", 0.9).orderBy("to.layer", "desc")
    .orderBy("weight").limit(10),
  edgesOf(big).count("to.layer"),
  edgesOf(big).where("weight", ">", 0.5).count("from.layer", "kind"),
  nodesOf(big).where("kind", "=", "head").orderBy("out_degree", "desc").limit(10),
];
for (const query of queries) await report(String(query), () => query.run(), 150);
await report("count paths of big", () => countPaths(big, {}));
await report("paths of big limit 20", () => {
  const paths = bestPaths(big);
  for (let i = 0; i < 20; i++) paths.next();
});
await report("top 100 of big", () => top(big, 100));
await report("reachable edges of half", () => reachable(half));
await report("big & half", () => intersection(big, half));
await report("big | half", () => union(big, half));

const folder = await Deno.makeTempDir();
for (const [name, circuit] of [["big", big], ["half", half]] as const) {
  const path = `${folder}/${name}.circuit.json`;
  await report(`save ${name}`, () => saveCircuit(path, circuit), undefined, 1);
  const size = (await Deno.stat(path)).size / 1e6;
  await report(`open ${name} (${size.toFixed(0)} MB)`, () => openCircuit(path), 3000, 3);
}
await Deno.remove(folder, { recursive: true });
