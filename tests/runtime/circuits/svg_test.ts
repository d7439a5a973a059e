import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { pictureOf } from "../../../runtime/circuits/drawing/picture.ts";
import { circuitToSvg } from "../../../runtime/circuits/drawing/svg.ts";
import { CircuitError } from "../../../runtime/universe/errors.ts";
import { parseEdge } from "../../../runtime/universe/names.ts";
import { makeCircuit } from "../../../runtime/circuits/sets.ts";
import { universeOf } from "../../../runtime/universe/universe.ts";
import { randomCircuit, shapeOf, universes } from "./random.ts";

const toy = universeOf(shapeOf(4, 8), { embeddings: "split", qkv: "split" });

Deno.test("a drawing has every component and edge, a title and the sparsity", async () => {
  const names = ["tok -> a0.h1.v", "a0.h1 -> m2", "a0.h1 -> a3.h0.q", "a3.h0 -> logits"];
  const edges = names.map((name) => parseEdge(toy, name));
  const scores = new Float32Array(toy.edgeCount).fill(NaN);
  edges.forEach((edge, i) => scores[edge] = [1, -0.5, 0.25, 0.75][i]);
  const svg = await circuitToSvg(
    makeCircuit(toy, edges, scores, { name: "a <b> & c", expression: "edge_pruning", seed: 3 }),
  );
  for (const name of ["tok", "a0.h1", "m2", "a3.h0", "logits"]) {
    assert(svg.includes(`>${name}</text>`));
  }
  for (const name of names) assert(svg.includes(`<title>${name.replace(">", "&gt;")}  `));
  assert(svg.includes("a &lt;b&gt; &amp; c"));
  assert(svg.includes("4 of 1,620 edges, 99.75% sparse  ·  edge_pruning  ·  seed 3"));
  assert(svg.includes("layer 3") && !svg.includes("layer 1<"));
  assertStrictEquals(svg.match(/stroke-dasharray/g)?.length, 1);
  assertStrictEquals(svg.match(/NaN|undefined/g), null);
  // Nothing that a viewer would have to fetch.
  assertEquals(svg.match(/https?:[^"]*/g), ["http://www.w3.org/2000/svg"]);
});

Deno.test("later components are drawn above what they read", async () => {
  const svg = await circuitToSvg(randomCircuit(toy, 1, 0.05));
  const heights = new Map<string, number>();
  for (
    const [, y, name] of svg.matchAll(
      /<text x="[-\d.]+" y="([-\d.]+)"[^>]*>((?:[am]\d|tok|logits)[^<]*)</g,
    )
  ) {
    heights.set(name, Number(y));
  }
  assert(heights.size > 10);
  const order = (name: string) =>
    name === "tok" ? -1 : name === "logits" ? 99 : 2 * Number(name[1]) + (name[0] === "m" ? 1 : 0);
  for (const [a, y] of heights) {
    for (const [b, z] of heights) if (order(a) < order(b)) assert(y > z, `${a} below ${b}`);
  }
});

Deno.test("circuits of every convention are drawn, the empty one too", async () => {
  for (const [u, universe] of universes.entries()) {
    const svg = await circuitToSvg(randomCircuit(universe, u, 0.4, u % 2 ? "none" : "all"));
    assertStrictEquals(svg.match(/NaN|undefined/g), null);
  }
  const empty = makeCircuit(toy, [], null, { expression: "nothing" });
  assert((await circuitToSvg(empty)).includes("0 of 1,620 edges, 100.00% sparse"));
});

Deno.test("of many edges the strongest are drawn, and the drawing says so", async () => {
  const circuit = randomCircuit(toy, 5, 0.5);
  const { lines, notes } = pictureOf(circuit, 20);
  assertStrictEquals(lines.length, 20);
  const weakest = Math.min(...lines.map(({ score }) => Math.abs(score)));
  const stronger = [...circuit.edges].filter((edge) => Math.abs(circuit.scores![edge]) > weakest);
  assertStrictEquals(stronger.length, 19);
  assert(/^the 20 strongest of/.test(notes[0]));
  await assertRejects(
    () => circuitToSvg(randomCircuit(toy, 5, 0.5, "none"), { most: 20 }),
    CircuitError,
    "at most 20 are drawn",
  );
});

Deno.test("an input that several heads share is drawn at each head that is there", () => {
  const universe = universes[4]; // 4 query heads over 2 key/value heads
  const edges = ["tok -> a0.kv0.k", "tok -> a0.h0.q", "a0.h1 -> logits"].map((name) =>
    parseEdge(universe, name)
  );
  const { lines, notes } = pictureOf(makeCircuit(universe, edges, null, { expression: "x" }), 99);
  assertEquals(lines.map(({ from, to, kind }) => `${from} ${to} ${kind}`), [
    "tok a0.h0 q",
    "tok a0.h0 k",
    "tok a0.h1 k",
    "a0.h1 logits logits",
  ]);
  assertEquals(lines[1].title, "tok -> a0.kv0.k of h0, h1");
  assert(notes[0].startsWith("key and value inputs are shared by groups of 2 heads"));
});
