import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { pythonJson } from "../../../base/python_json.ts";
import { CircuitError } from "../../../runtime/universe/errors.ts";
import {
  circuitFromEapIg,
  circuitFromEdgeList,
  circuitToEapIg,
  circuitToEdgeList,
} from "../../../runtime/circuits/forms/mod.ts";
import { reachable } from "../../../runtime/universe/reachability.ts";
import { edgeName, universeOf } from "../../../runtime/universe/universe.ts";
import { randomCircuit, shapeOf, universes } from "./random.ts";

const toy = universeOf(shapeOf(4, 8), { embeddings: "split", qkv: "split" });
const fixtures = new URL("../../fixtures/reference-circuits/", import.meta.url);

Deno.test("the published circuits read, with as many edges on a path as was counted for them", async () => {
  const counts = {
    "greater-than-36": [36, 36],
    "indirect-object-73": [73, 73],
    "indirect-object-94": [94, 94],
    "pronoun-15": [15, 13],
  };
  for (const [name, [listed, onPath]] of Object.entries(counts)) {
    const text = await Deno.readTextFile(new URL(`${name}.json`, fixtures));
    const { circuit } = circuitFromEdgeList(text, toy);
    assertStrictEquals(circuit.edges.length, listed);
    assertStrictEquals(reachable(circuit).edges.length, onPath);
    assertStrictEquals(circuit.provenance.task, JSON.parse(text).task);
  }
});

Deno.test("edge lists round-trip in every convention", () => {
  universes.forEach((universe, u) => {
    const circuit = randomCircuit(universe, u + 2, 0.3, "none");
    const { text } = circuitToEdgeList(circuit);
    assertEquals([...circuitFromEdgeList(text, universe).circuit.edges], [...circuit.edges]);
  });
  const { text } = circuitToEdgeList(randomCircuit(toy, 1, 1));
  assert(text.includes('["tok_embeds","a0.h0.q"]') && text.includes('["m3","resid_post"]'));
});

Deno.test("an edge list that does not fit is refused", () => {
  const refused = (text: string, part: string) => {
    const { message } = assertThrows(() => circuitFromEdgeList(text, toy), CircuitError);
    assert(message.includes(part), message);
  };
  refused("{", "not JSON");
  refused("3", "a JSON list");
  refused('[["a"]]', "entry 1 is not an edge");
  refused('[["a4.h0","resid_post"]]', "`a4.h0`: the model has layers 0..3");
});

Deno.test("EAP-IG graphs round-trip in the form's own convention", () => {
  for (const shape of [shapeOf(2, 3), shapeOf(2, 2, { residual: "parallel" })]) {
    const universe = universeOf(shape, { embeddings: "joint", qkv: "split" });
    const circuit = randomCircuit(universe, 5, 0.4);
    circuit.scores!.forEach((score, edge) => {
      if (Number.isNaN(score)) circuit.scores![edge] = 0.125;
    });
    const { text } = circuitToEapIg(circuit, { width: 64 });
    for (const expected of [undefined, universe]) {
      const back = circuitFromEapIg(text, expected).circuit;
      assertEquals([...back.edges], [...circuit.edges]);
      assertEquals([...back.scores!], [...circuit.scores!]);
    }
  }
});

Deno.test("the written graph has every edge of the form, by its names", () => {
  const universe = universeOf(shapeOf(12, 12), { embeddings: "joint", qkv: "split" });
  const { text } = circuitToEapIg(randomCircuit(universe, 1, 0.1), { width: 768 });
  // deno-lint-ignore no-explicit-any
  const graph = pythonJson(text) as any;
  assertStrictEquals(Object.keys(graph.edges).length, 32_491);
  assertEquals(graph.cfg, {
    n_layers: 12,
    n_heads: 12,
    parallel_attn_mlp: false,
    d_model: 768,
  });
  for (const name of ["input->a0.h0<q>", "a0.h11->m0", "m3->a11.h2<v>", "m11->logits"]) {
    assert(name in graph.edges, name);
  }
  assertStrictEquals(Object.keys(graph.nodes).length, 158);
  assertEquals(graph.nodes.logits, { in_graph: true });
});

Deno.test("other conventions survive where the form can say it, and losses are told", () => {
  // Grouped, shared and kept: our edges each stand for several of theirs, so nothing of ours is lost.
  for (const universe of [universes[2], universes[4]]) {
    const circuit = randomCircuit(universe, 8, 0.4);
    const { text, losses } = circuitToEapIg(circuit);
    assertEquals([...circuitFromEapIg(text, universe).circuit.edges], [...circuit.edges]);
    assert(losses.some((loss) => /group|input/.test(loss)));
  }
  const shared = universes[3];
  const joint = randomCircuit(shared, 8, 0.4);
  const back = circuitFromEapIg(circuitToEapIg(joint).text, shared);
  const stream = (edge: number) => !/^(tok|pos)/.test(edgeName(shared, edge));
  assertEquals([...back.circuit.edges].filter(stream), [...joint.edges].filter(stream));
  assert(back.losses.some((loss) => loss.includes("`tok`")));

  // tok and pos are one input there: an edge comes back for both when either was kept.
  const split = randomCircuit(toy, 3, 0.2);
  const merged = circuitToEapIg(split);
  assert(merged.losses.some((loss) => loss.includes("edges differ")));
  const wide = new Set(circuitFromEapIg(merged.text, toy).circuit.edges);
  assert([...split.edges].every((edge) => wide.has(edge)));
});

Deno.test("graphs that do not fit are refused; Python's NaN is read as unknown", () => {
  const universe = universes[1];
  const { text } = circuitToEapIg(randomCircuit(universe, 4, 0.5));
  const refused = (text: string, part: string, expected = universe) => {
    const { message } = assertThrows(() => circuitFromEapIg(text, expected), CircuitError);
    assert(message.includes(part), message);
  };
  refused("[", "not JSON");
  refused('{"nodes": {}}', "cfg, nodes and edges");
  refused(text, "layers 3 there and 2 here", universes[0]);
  refused(text.replace("input->a0.h0<q>", "input->a9.h0<q>"), "`input->a9.h0<q>` is not an edge");
  const unknown = text.replace(/("input->a0\.h0<q>": \{"score": )[^,]+/, "$1NaN");
  assert(unknown !== text);
  assertEquals(circuitFromEapIg(unknown, universe).circuit.scores![0], NaN);
});

/** A graph of one layer and two heads, as EAP-IG writes it, with these edges. */
const graphOf = (edges: Record<string, string>) =>
  `{"cfg": {"n_layers": 1, "n_heads": 2, "parallel_attn_mlp": false, "d_model": 16}, "nodes": {}, ` +
  `"edges": {${Object.entries(edges).map(([name, edge]) => `"${name}": ${edge}`).join(", ")}}}`;

Deno.test("scores that are no numbers are noted or refused, and are never written as numbers", () => {
  const universe = universeOf(shapeOf(1, 2), { embeddings: "joint", qkv: "split" });
  const { circuit, losses } = circuitFromEapIg(graphOf({
    "input->logits": '{"score": NaN, "in_graph": true}',
    "m0->logits": '{"score": null, "in_graph": true}',
    "a0.h0->logits": '{"in_graph": true}',
    "a0.h1->logits": '{"score": -Infinity, "in_graph": true}',
    "input->m0": '{"score": 0.5, "in_graph": false}',
  }));
  assertEquals(losses.filter((loss) => loss.includes("no score")), [
    "3 of 5 edges have no score there (null or NaN), and none here",
  ]);
  const scoreOf = (name: string) => {
    const edge = Array.from({ length: universe.edgeCount }, (_, i) => i)
      .find((edge) => edgeName(universe, edge) === name)!;
    return circuit.scores![edge];
  };
  assertEquals(scoreOf("embed -> logits"), NaN);
  assertEquals(scoreOf("m0 -> logits"), NaN);
  assertEquals(scoreOf("a0.h0 -> logits"), NaN);
  assertEquals(scoreOf("a0.h1 -> logits"), -Infinity);
  assertEquals(scoreOf("embed -> m0"), 0.5);
  // Written again, unknown scores are Python's NaN: neither the 1 of members nor the 0 of others.
  const written = circuitToEapIg(circuit);
  // deno-lint-ignore no-explicit-any
  const { edges } = pythonJson(written.text) as any;
  assertEquals(edges["m0->logits"], { score: NaN, in_graph: true });
  assertEquals(edges["a0.h0->m0"], { score: NaN, in_graph: false });
  assertEquals(edges["input->m0"], { score: 0.5, in_graph: false });
  // 13 edges in all, two of which have a score.
  assert(written.losses.some((loss) => loss.startsWith("11 edges have no score")));

  const refused = (edge: string, part: string) => {
    const text = graphOf({ "m0->logits": edge });
    const { message } = assertThrows(() => circuitFromEapIg(text), CircuitError);
    assert(message.includes(part), message);
  };
  refused(
    '{"score": "high", "in_graph": true}',
    '`score of m0->logits` must be a number: this is "high"',
  );
  refused('{"score": true, "in_graph": true}', "must be a number: this is true");
  refused('{"score": 1, "in_graph": "yes"}', "`in_graph of m0->logits` must be true or false");
});

Deno.test("a graph without members says how edges are taken by score", () => {
  for (const member of [', "in_graph": false', ""]) {
    const { circuit, losses } = circuitFromEapIg(graphOf({
      "input->logits": `{"score": 0.5${member}}`,
      "m0->logits": `{"score": 0.25${member}}`,
    }));
    assertStrictEquals(circuit.edges.length, 0);
    assert(losses.some((loss) => loss.includes("complement of")), losses.join("\n"));
  }
});
