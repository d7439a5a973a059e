import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { CircuitError } from "../../../runtime/universe/errors.ts";
import { circuitFromJson, circuitToJson } from "../../../runtime/circuits/forms/mod.ts";
import { openCircuit, saveCircuit } from "../../../runtime/circuits/files.ts";
import { fullCircuit } from "../../../runtime/circuits/sets.ts";
import { shortFloat32 } from "../../../base/float_text.ts";
import type { Circuit } from "../../../runtime/circuits/circuit.ts";
import { randomCircuit, randomNumbers, universes } from "./random.ts";

function assertSame(a: Circuit, b: Circuit) {
  assertEquals(a.universe, b.universe);
  assertEquals([...a.edges], [...b.edges]);
  assertEquals(a.scores && [...a.scores], b.scores && [...b.scores]);
  assertEquals(a.provenance, b.provenance);
}

Deno.test("JSON and back is the same circuit", () => {
  universes.forEach((universe, u) => {
    for (const scored of ["all", "kept", "none"] as const) {
      for (const density of [0, 0.05, 0.5, 1]) {
        const circuit = randomCircuit(universe, u + 7, density, scored);
        assertSame(circuitFromJson(circuitToJson(circuit)), circuit);
      }
    }
  });
});

Deno.test("provenance survives the file", () => {
  const circuit: Circuit = {
    ...randomCircuit(universes[0], 1),
    provenance: {
      name: "ep",
      expression: "edge_pruning",
      model: { name: "toy", hash: "00ff" },
      task: "ioi",
      corruption: "fresh_names",
      seed: 42,
      provider: "cpu",
      script: "abcd",
      version: "0.1.0",
      options: { steps: 3000, schedule: "log", nodes: false },
    },
  };
  assertSame(circuitFromJson(circuitToJson(circuit)), circuit);
});

Deno.test("the form is one line per reader, with runs of writers", () => {
  const lines = circuitToJson(fullCircuit(universes[0])).split("\n");
  assertStrictEquals(lines[6], '{"to":"a0.h0.q","from":["tok","pos"]},');
  assertStrictEquals(lines.at(-3), '{"to":"logits","from":["tok..m1"]}');
});

Deno.test("scores are written as the shortest decimal of their float32", () => {
  assertStrictEquals(shortFloat32(Math.fround(0.83)), "0.83");
  assertStrictEquals(shortFloat32(Math.fround(1e-30)), "1e-30");
  const random = randomNumbers(3);
  for (let i = 0; i < 2000; i++) {
    const value = Math.fround((random() - 0.5) * 10 ** Math.floor(random() * 60 - 30));
    assertStrictEquals(Math.fround(Number(shortFloat32(value))), value);
  }
  assertStrictEquals(JSON.parse(shortFloat32(-Infinity)), -Infinity);
});

Deno.test("a file that cannot be trusted is refused with the reason", () => {
  const good = circuitToJson(randomCircuit(universes[0], 1, 0.5, "kept"));
  const refused = (text: string, part: string, expected = universes[0]) => {
    const error = assertThrows(() => circuitFromJson(text, expected), CircuitError);
    assert(error.message.includes(part), error.message);
  };
  refused("{", "not JSON");
  refused("[]", "must be an object");
  refused('{"format":"other"}', "format");
  refused(good.replace('"version":1', '"version":7'), "version 7 of the circuit form is not known");
  refused(good, "layers 2 and 3", universes[1]);
  refused(good.replace('"to":"m1"', '"to":"m2"'), "`m2`: the model has layers 0..1");
  refused(good.replace('"to":"m1"', '"to":"m0"'), "listed twice");
  refused(good.replace(/"from":\["/, '"from":["a9.h0","'), "`a9.h0`: the model has layers 0..1");
  refused(good.replace(/"from":\["/, '"from":["m1","'), "is not an edge");
  refused(good.replace(/"scores":\[/, '"scores":[1,'), "a list of");
  refused(good.replace(/"kept":\d+/, '"kept":3'), "keeps 3 edges");
  refused(good.replace('"edges":', '"edges":9'), "a model of this shape has");
  refused(good.replace('"layers":2', '"layers":-1'), "universe.layers");
  refused(good.replace('"expression":"random"', '"seed":"x"'), "provenance.expression");
  refused(good.replace('"scores":"kept"', '"scores":"some"'), '"none", "kept" or "all"');
});

Deno.test("circuits are saved whole and opened with the file named in errors", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/c.circuit.json`;
  const circuit = randomCircuit(universes[4], 5);
  await saveCircuit(path, circuit);
  assertSame(await openCircuit(path), circuit);
  assertSame(await openCircuit(path, universes[4]), circuit);
  assertEquals([...Deno.readDirSync(folder)].map((entry) => entry.name), ["c.circuit.json"]);
  await assertRejects(() => openCircuit(`${folder}/none.json`), CircuitError, "no such file");
  await assertRejects(() => saveCircuit(`${folder}/no/c.json`, circuit), CircuitError, "no such");
  const foreign = await assertRejects(() => openCircuit(path, universes[0]), CircuitError);
  assert(foreign.message.includes(path) && foreign.message.includes("heads 4 and 2"));
  await Deno.remove(folder, { recursive: true });
});
