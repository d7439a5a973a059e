import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { Circuit } from "../../../runtime/circuits/circuit.ts";
import { flowOf } from "../../../runtime/universe/flow.ts";
import { parseEdge } from "../../../runtime/universe/names.ts";
import { bestPaths } from "../../../runtime/circuits/queries/best_paths.ts";
import { pathsOf } from "../../../runtime/circuits/queries/build.ts";
import { countPaths, type Path, pathText } from "../../../runtime/circuits/queries/paths.ts";
import type { PathEnds } from "../../../runtime/circuits/queries/query.ts";
import { fullCircuit, makeCircuit } from "../../../runtime/circuits/sets.ts";
import { endsOf, universeOf } from "../../../runtime/universe/universe.ts";
import { randomCircuit, shapeOf, universes } from "./random.ts";

/** All paths by plain recursion over names. */
function allPaths(
  circuit: Circuit,
  { from, to = "logits", via = [] }: PathEnds,
): { text: string; score: number; length: number }[] {
  const { universe, scores } = circuit;
  const flow = flowOf(universe);
  const kept = universe.convention.embeddings === "kept"
    ? universe.readers.map((_, reader) => ({ writer: 0, reader, score: NaN }))
    : [];
  const edges = [
    ...kept,
    ...[...circuit.edges].map((edge) => ({
      ...endsOf(universe, edge),
      score: scores ? scores[edge] : NaN,
    })),
  ];
  const found: { text: string; score: number; length: number }[] = [];
  const isStart = (w: number) =>
    from === undefined ? universe.writers[w].layer < 0 : universe.writers[w].name === from;
  const isEnd = (r: number) => {
    const { name } = universe.readers[r];
    if (name === to) return true;
    return [...Array(flow.end[r] - flow.first[r]).keys()].some((k) =>
      universe.writers[flow.first[r] + k].name === to
    );
  };
  const walk = (writer: number, steps: Path["steps"], seen: string[], score: number) => {
    const passed = [...seen, universe.writers[writer].name];
    for (const edge of edges) {
      if (edge.writer !== writer) continue;
      const next = [...steps, { writer, reader: edge.reader }];
      const weakest = Number.isNaN(edge.score) ? score : Math.min(score, edge.score);
      const here = [...passed, universe.readers[edge.reader].name + "<"];
      if (
        isEnd(edge.reader) && via.every((name) => here.includes(name) || here.includes(name + "<"))
      ) {
        found.push({
          text: pathText(universe, { steps: next, score }),
          score: weakest,
          length: next.length,
        });
      }
      for (let w = flow.first[edge.reader]; w < flow.end[edge.reader]; w++) {
        walk(w, next, here, weakest);
      }
    }
  };
  universe.writers.forEach((_, w) => isStart(w) && walk(w, [], [], Infinity));
  return found.map((path) => ({ ...path, score: path.score === Infinity ? NaN : path.score }));
}

const questions: ((u: number) => PathEnds)[] = [
  () => ({}),
  (u) => ({ from: u === 0 || u === 3 || u === 4 ? "tok" : "embed", to: "m1" }),
  () => ({ to: "a1.h0" }),
  () => ({ via: ["a0.h0"] }),
  () => ({ via: ["m0", "a1.h0"] }),
  (u) => ({ via: [u === 3 ? "a1.h0" : u === 4 ? "a1.kv0.v" : "a1.h0.v"] }),
];

Deno.test("counts and listings agree with brute force on random circuits", () => {
  universes.forEach((universe, u) => {
    for (let seed = 1; seed <= 4; seed++) {
      const circuit = randomCircuit(universe, seed * 7 + u, 0.35, seed === 4 ? "none" : "all");
      for (const question of questions) {
        const ends = question(u);
        const expected = allPaths(circuit, ends);
        assertStrictEquals(countPaths(circuit, ends), BigInt(expected.length));
        const listed = [...bestPaths(circuit, ends)];
        assertEquals(
          listed.map((path) => pathText(universe, path)).sort(),
          expected.map((path) => path.text).sort(),
        );
        const down = (score: number) => Number.isNaN(score) ? -Infinity : -score;
        const order = expected.sort((a, b) =>
          down(a.score) === down(b.score) ? a.length - b.length : down(a.score) - down(b.score)
        );
        assertEquals(
          listed.map((path) => [path.score, path.steps.length]),
          order.map((path) => [path.score, path.length]),
        );
      }
    }
  });
});

/**
 * Paths from one embedding writer to the logits of a full sequential model, by the recursion that its
 * regularity allows: every way so far may go on through each of a head's three inputs, or stay.
 */
function closedForm(layers: number, heads: number): bigint {
  let ways = 1n; // ways that are in the stream, ending at any writer
  for (let layer = 0; layer < layers; layer++) {
    ways += 3n * BigInt(heads) * ways;
    ways += ways;
  }
  return ways;
}

Deno.test("paths of GPT-2 small's full universe are counted exactly", () => {
  const gpt2 = universeOf(shapeOf(12, 12), { embeddings: "split", qkv: "split" });
  const full = fullCircuit(gpt2);
  assertStrictEquals(closedForm(12, 12), (37n * 2n) ** 12n);
  assertStrictEquals(countPaths(full, { from: "tok" }), closedForm(12, 12));
  assertStrictEquals(countPaths(full, {}), 2n * closedForm(12, 12));
  // Through a5.h3: any way into it (3 inputs), then any way on from it.
  const before = 74n ** 5n;
  const after = 2n * 74n ** 6n;
  assertStrictEquals(countPaths(full, { from: "pos", via: ["a5.h3"] }), 3n * before * after);
  const [shortest] = bestPaths(full, { from: "tok", via: ["a5.h3"] });
  assertStrictEquals(pathText(gpt2, shortest), "tok -> a5.h3.q -> logits");
});

Deno.test("equal scores do not send the search astray", () => {
  // Every edge counts 1 except the direct ones to the logits: the best path is long, short ones are decoys.
  const universe = universeOf(shapeOf(10, 3), { embeddings: "joint", qkv: "split" });
  const full = fullCircuit(universe);
  const scores = new Float32Array(universe.edgeCount).fill(1);
  for (const edge of full.edges) {
    const { writer, reader } = endsOf(universe, edge);
    const [from, to] = [universe.writers[writer], universe.readers[reader]];
    const direct = from.layer + 1 === to.layer || (from.layer === to.layer && from.kind === "head");
    if (!direct) scores[edge] = 0.2;
  }
  const started = performance.now();
  const paths = bestPaths({ ...full, scores });
  const first = Array.from({ length: 20 }, () => paths.next().value as Path);
  assert(first.every((path) => path.score === 1));
  assert(first.every((path, i) => i === 0 || path.steps.length >= first[i - 1].steps.length));
  assertStrictEquals(first[0].steps.length, 11);
  assert(performance.now() - started < 2000);
});

Deno.test("with grouped queries a path names the head that it goes on through", () => {
  const universe = universes[4];
  const edges = ["tok -> a0.kv1.k", "a0.h3 -> logits"].map((name) => parseEdge(universe, name));
  const circuit = makeCircuit(universe, edges, null, { name: "c", expression: "hand" });
  assertEquals(pathsOf(circuit).run(), {
    columns: ["path"],
    rows: [["tok -> a0.kv1.k (a0.h3) -> logits"]],
  });
});

Deno.test("paths of, as a query", () => {
  const query = pathsOf(randomCircuit(universes[0], 2, 0.8)).from("tok").to("logits").via("a0.h1")
    .limit(2);
  assertStrictEquals(String(query), "paths of c2 from tok to logits via a0.h1 limit 2");
  assertStrictEquals(String(query.count()), "count paths of c2 from tok to logits via a0.h1");
  const { columns, rows, total } = query.run();
  assertEquals([columns, rows.length], [["path", "weakest"], 2]);
  assertEquals(query.count().run().rows, [[total!]]);
});
