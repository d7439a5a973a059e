/** From scores to edges. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { reachableEdges } from "../../../runtime/universe/reachability.ts";
import { edgeName, universeOf } from "../../../runtime/universe/universe.ts";
import { DiscoveryError } from "../../../runtime/discovery/mod.ts";
import { selectEdges } from "../../../runtime/discovery/selection/selection.ts";
import { greedyOrder } from "../../../runtime/discovery/selection/greedy.ts";
import { randomFrom } from "../../../base/random.ts";
import { universe } from "../evaluation/linear.ts";

const names = Array.from({ length: universe.edgeCount }, (_, edge) => edgeName(universe, edge));
const scoresOf = (of: Record<string, number>) => Float32Array.from(names, (name) => of[name] ?? 0);
const named = (edges: Uint32Array) => [...edges].map((edge) => names[edge]);

const scores = scoresOf({
  "tok -> a0.h0.q": 9,
  "tok -> logits": 5,
  "m0 -> logits": 4,
  "a0.h0 -> m0": 3,
});

Deno.test("top: what leads nowhere is dropped until the number is right", () => {
  // 9 alone leads nowhere; with 5 there is one edge on a path.
  assertEquals(named(selectEdges(universe, scores, { keep: 1, select: "top" }).edges), [
    "tok -> logits",
  ]);
  // 9, 5, 4, 3 connect all at once.
  const four = selectEdges(universe, scores, { keep: 4, select: "top" });
  assertEquals([four.raw, four.reachable], [4, 4]);
  const share = selectEdges(universe, scores, { keep: { share: 0.5 }, select: "top" });
  assertEquals(share.edges, four.edges);
});

Deno.test("threshold: all above, raw and reachable counts apart", () => {
  const found = selectEdges(universe, scores, { keep: { above: 3.5 }, select: "top" });
  assertEquals(named(found.edges), ["tok -> logits"]);
  assertEquals([found.raw, found.reachable], [3, 1]);
});

Deno.test("greedy: always the best that leads to what is taken", () => {
  const order = [...greedyOrder(universe, scores)].map((edge) => names[edge]);
  assertEquals(order.slice(0, 4), [
    "tok -> logits",
    "m0 -> logits",
    "a0.h0 -> m0",
    "tok -> a0.h0.q",
  ]);
  assertEquals(new Set(order).size, universe.edgeCount);
});

Deno.test("within: only those", () => {
  const within = Uint32Array.from([names.indexOf("tok -> logits"), names.indexOf("m0 -> logits")]);
  const found = selectEdges(universe, scores, { keep: 2, select: "top", within });
  assertEquals(named(found.edges), ["tok -> logits"]);
});

Deno.test("random scores on a larger universe: exactly as many as asked for, all on a path", () => {
  const large = universeOf(
    { layers: 3, heads: 4, keyValueHeads: 2, residual: "sequential", learnedPositions: true },
    { embeddings: "split", qkv: "split" },
  );
  for (let seed = 0; seed < 20; seed++) {
    const scores = randomFrom(seed).fillOpenUniform(new Float32Array(large.edgeCount));
    for (const select of ["top", "greedy"] as const) {
      for (const keep of [1, 7, 40, large.edgeCount]) {
        const { edges } = selectEdges(large, scores, { keep, select });
        assertEquals(reachableEdges(large, edges), edges);
        assert(edges.length <= keep);
        if (keep >= 7) assertEquals(edges.length, keep);
      }
    }
  }
});

Deno.test("numbers out of range are refused", () => {
  for (const keep of [-1, 1.5, universe.edgeCount + 1, { share: 1.1 }]) {
    assertThrows(() => selectEdges(universe, scores, { keep, select: "top" }), DiscoveryError);
  }
});
