import { assertEquals, assertStrictEquals } from "@std/assert";
import { reachable } from "../../../runtime/universe/reachability.ts";
import { fullCircuit, makeCircuit } from "../../../runtime/circuits/sets.ts";
import { parseEdge } from "../../../runtime/universe/names.ts";
import { flowOf } from "../../../runtime/universe/flow.ts";
import { edgeName, endsOf, type Universe, universeOf } from "../../../runtime/universe/universe.ts";
import { randomCircuit, shapeOf, universes } from "./random.ts";

const provenance = { expression: "hand" };

function live(universe: Universe, ...names: string[]): string[] {
  const edges = names.map((name) => parseEdge(universe, name));
  const circuit = makeCircuit(universe, edges, null, provenance);
  assertStrictEquals(circuit.edges.length, names.length);
  return [...reachable(circuit).edges].map((edge) => edgeName(universe, edge));
}

Deno.test("edges off every path from the input to the logits are dropped", () => {
  const universe = universes[0];
  assertEquals(
    live(universe, "tok -> a0.h0.v", "a0.h0 -> a1.h1.q", "a1.h1 -> logits", "a0.h1 -> m1"),
    ["tok -> a0.h0.v", "a0.h0 -> a1.h1.q", "a1.h1 -> logits"],
  );
  assertEquals(live(universe, "m0 -> logits", "tok -> a0.h0.q"), []);
  assertEquals(live(universe, "pos -> logits"), ["pos -> logits"]);
});

Deno.test("with grouped queries a key input feeds every head of its group", () => {
  const universe = universes[4]; // 4 query heads over 2 key/value heads
  assertEquals(live(universe, "tok -> a0.kv1.k", "a0.h3 -> logits"), [
    "tok -> a0.kv1.k",
    "a0.h3 -> logits",
  ]);
  assertEquals(live(universe, "tok -> a0.kv1.k", "a0.h1 -> logits"), []);
  assertEquals([...flowOf(universe).readersOf[3]], [2, 5, 7]); // a0.h2: its q, and k and v of group 1
});

Deno.test("kept embeddings reach every reader without counted edges", () => {
  assertEquals(live(universes[2], "a0.h1 -> m1", "m1 -> logits"), ["a0.h1 -> m1", "m1 -> logits"]);
  assertEquals(live(universes[2], "a0.h1 -> m1"), []);
});

Deno.test("everything in a full universe counts", () => {
  for (const universe of universes) {
    assertStrictEquals(reachable(fullCircuit(universe)).edges.length, universe.edgeCount);
  }
});

Deno.test("reachability agrees with a search over all walks, on random circuits", () => {
  universes.forEach((universe, u) => {
    for (let seed = 1; seed <= 25; seed++) {
      const circuit = randomCircuit(universe, seed + 100 * u, 0.15);
      assertEquals([...reachable(circuit).edges], bruteForce(universe, circuit.edges));
    }
  });
});

/** Follows every edge forwards from the input and backwards from the logits, with no ordering assumed. */
function bruteForce(universe: Universe, edges: Uint32Array): number[] {
  const flow = flowOf(universe);
  const ends = new Map([...edges].map((edge) => [edge, endsOf(universe, edge)]));
  const reached = new Set<number>();
  const leading = new Set<number>();
  universe.writers.forEach((writer, w) => writer.layer < 0 && reached.add(w));
  for (let changed = true; changed;) {
    const size = reached.size + leading.size;
    universe.readers.forEach((_, r) => {
      const fed = universe.convention.embeddings === "kept" ||
        [...ends.values()].some((end) => end.reader === r && reached.has(end.writer));
      for (let w = flow.first[r]; fed && w < flow.end[r]; w++) reached.add(w);
    });
    for (const { writer, reader } of ends.values()) if (leads(reader)) leading.add(writer);
    changed = reached.size + leading.size !== size;
  }
  return [...edges].filter((edge) => {
    const { writer, reader } = ends.get(edge)!;
    return reached.has(writer) && leads(reader);
  });

  function leads(reader: number): boolean {
    if (universe.readers[reader].kind === "logits") return true;
    return [...leading].some((w) => w >= flow.first[reader] && w < flow.end[reader]);
  }
}

Deno.test("a wide universe is no problem", () => {
  const universe = universeOf(shapeOf(12, 12), { embeddings: "split", qkv: "split" });
  assertStrictEquals(reachable(fullCircuit(universe)).edges.length, 32_936);
});
