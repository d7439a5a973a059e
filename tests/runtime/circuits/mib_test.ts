/** Submissions to the MIB benchmark: what is in the files, at which sizes, and that they read back. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  CircuitError,
  circuitFromEapIg,
  circuitToMibCircuits,
  circuitToMibImportances,
  makeCircuit,
  mibSizes,
  openMibFolder,
  parseEdge,
  reachableEdges,
  saveCircuit,
  type Universe,
  universeOf,
} from "../../../runtime/circuits/mod.ts";
import { shapeOf } from "./random.ts";

const split = universeOf(shapeOf(2, 3), { embeddings: "split", qkv: "split" });
const theirs = universeOf(shapeOf(2, 3), { embeddings: "joint", qkv: "split" });

/** Scores that fall with the edge number, below zero in the second half. */
const falling = (universe: Universe) =>
  makeCircuit(
    universe,
    [],
    Float32Array.from({ length: universe.edgeCount }, (_, e) => universe.edgeCount / 2 - e),
    { expression: "falling" },
  );

Deno.test("importances keep the order of the scores, by size and by magnitude", () => {
  const circuit = falling(theirs);
  circuit.scores![5] = NaN;
  const { text, losses } = circuitToMibImportances(circuit, { width: 48 });
  const graph = JSON.parse(text);
  assertEquals(graph.cfg, { n_layers: 2, n_heads: 3, parallel_attn_mlp: false, d_model: 48 });
  const read = circuitFromEapIg(text, theirs).circuit.scores!;
  const order = (scores: Float32Array) =>
    [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b);
  assert(read.every((score) => score >= 0));
  const rest = Array.from({ length: theirs.edgeCount }, (_, e) => e).filter((e) => e !== 5);
  // The edge without a score comes last; all others in their own order.
  assertEquals(order(read), [...rest, 5]);
  assertEquals(read[5], 0);
  assert(losses.some((loss) => loss.startsWith("scores are raised by")), losses.join("\n"));
  assert(losses.some((loss) => loss.startsWith("1 edges without a score")));
});

Deno.test("importances that need no change are written as they are, and both embeddings become one", () => {
  const scores = new Float32Array(split.edgeCount);
  scores[parseEdge(split, "tok -> m0")] = 0.25;
  scores[parseEdge(split, "pos -> m0")] = 0.75;
  const { text, losses } = circuitToMibImportances(
    makeCircuit(split, [parseEdge(split, "tok -> m0")], scores, { expression: "two" }),
  );
  const { edges } = JSON.parse(text);
  assertEquals(edges["input->m0"], { score: 0.75, in_graph: true });
  assertEquals(Object.keys(edges).length, theirs.edgeCount);
  assert(!losses.some((loss) => loss.includes("raised")));
});

Deno.test("nine circuits hold at most their share of the graph's edges, all on a path, each within the next", () => {
  for (const universe of [split, theirs]) {
    const scores = Float32Array.from(
      { length: universe.edgeCount },
      (_, e) => Math.sin(7 * e),
    );
    const { files } = circuitToMibCircuits(
      makeCircuit(universe, [], scores, { expression: "sine" }),
      { width: 8 },
    );
    assertEquals([...files.keys()], [
      "0.1.json",
      "0.2.json",
      "0.5.json",
      "1.json",
      "2.json",
      "5.json",
      "10.json",
      "20.json",
      "50.json",
    ]);
    let smaller = new Set<number>();
    [...files.values()].forEach((text, i) => {
      const { edges } = circuitFromEapIg(text, theirs).circuit;
      assert(edges.length <= mibSizes[i] * theirs.edgeCount);
      assertEquals(reachableEdges(theirs, edges), edges);
      assertEquals(new Set(edges).isSupersetOf(smaller), true);
      smaller = new Set(edges);
      const graph = JSON.parse(text);
      for (
        const { score, in_graph } of Object.values<{ score: number; in_graph: boolean }>(
          graph.edges,
        )
      ) {
        assertEquals(score, in_graph ? 1 : 0);
      }
    });
    assert(smaller.size > 0.1 * theirs.edgeCount, `${smaller.size} of half of the edges`);
  }
});

Deno.test("a submission's folder is written whole and reads back", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const circuit = falling(theirs);
    await saveCircuit(`${folder}/sub/ioi_toy/importances.json`, circuit, { width: 8 });
    await saveCircuit(`${folder}/sub/arc-easy_toy/`, circuit, { width: 8 });
    const [one, nine] = [
      await openMibFolder(`${folder}/sub/ioi_toy`),
      await openMibFolder(`${folder}/sub/arc-easy_toy/`, theirs),
    ];
    assertEquals([one.circuits.size, nine.importances], [0, null]);
    assertEquals([...nine.circuits.keys()], [...mibSizes]);
    assertEquals(one.importances!.scores!.length, theirs.edgeCount);
    const names = [...Deno.readDirSync(`${folder}/sub/arc-easy_toy`)].map(({ name }) => name);
    assertEquals(names.length, 9, "nothing else is left in the folder");
    await assertRejects(() => openMibFolder(`${folder}/sub`), CircuitError, "neither");
    await assertRejects(() => openMibFolder(`${folder}/none`), CircuitError, "no such");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a circuit without scores cannot be submitted", () => {
  const bare = makeCircuit(theirs, [1, 2], null, { expression: "bare" });
  assertThrows(() => circuitToMibImportances(bare), CircuitError, "has no scores");
  assertThrows(() => circuitToMibCircuits(bare), CircuitError, "has no scores");
});
