import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import type { Provenance } from "../../../runtime/circuits/circuit.ts";
import { CircuitError } from "../../../runtime/universe/errors.ts";
import { formFor, showEndings } from "../../../base/file_forms.ts";
import { importCircuit, openCircuit, saveCircuit } from "../../../runtime/circuits/files.ts";
import {
  circuitForms,
  circuitFrom,
  circuitFromDot,
  circuitFromJson,
  circuitToDot,
  circuitToJson,
} from "../../../runtime/circuits/forms/mod.ts";
import { tableForms } from "../../../runtime/tables/forms/mod.ts";
import { parseEdge } from "../../../runtime/universe/names.ts";
import { universeOf } from "../../../runtime/universe/universe.ts";
import { makeCircuit } from "../../../runtime/circuits/sets.ts";
import { dot } from "../../../runtime/circuits/forms/dot.ts";
import { edgeList } from "../../../runtime/circuits/forms/edge_list.ts";
import { json } from "../../../runtime/circuits/forms/json.ts";
import { text } from "../../../runtime/circuits/forms/text.ts";
import { randomCircuit, shapeOf, universes } from "./random.ts";

Deno.test("DOT round-trips in every convention", async () => {
  for (const [u, universe] of universes.entries()) {
    for (const scored of ["kept", "none"] as const) {
      const circuit = randomCircuit(universe, u + 30, 0.4, scored);
      const { text } = circuitToDot(circuit);
      for (const expected of [undefined, universe]) {
        const back = (await circuitFromDot(text, expected)).circuit;
        assertEquals([...back.edges], [...circuit.edges]);
        assertEquals(back.scores && [...back.scores], circuit.scores && [...circuit.scores]);
        assertStrictEquals(back.provenance.expression, "random");
      }
    }
  }
});

Deno.test("DOT from elsewhere is read for a model, or refused with the reason", async () => {
  const [universe] = universes;
  const { circuit } = await circuitFromDot(
    'digraph { tok -> m0 -> logits; "a0.h0" -> "a1.h0" [reader="a1.h0.q"] }',
    universe,
  );
  assertStrictEquals(circuit.edges.length, 3);
  const refused = async (text: string, part: string, expected?: (typeof universes)[0]) => {
    const { message } = await assertRejects(() => circuitFromDot(text, expected), CircuitError);
    assert(message.includes(part), message);
  };
  await refused("digraph { tok -> ", "not DOT");
  await refused("digraph { tok -> m0 }", "does not say what its model is");
  await refused('digraph { "a0.h0" -> "a1.h0" }', "q, k and v", universe);
  await refused('digraph { tok -> "m7" }', "`m7`: the model has layers 0..1", universe);
  await refused('digraph { tok -> "m0" [score=high] }', "not a score", universe);
  await refused(circuitToDot(randomCircuit(universes[1], 1)).text, "layers 3 and 2", universe);
});

Deno.test("the form follows the file's name, and is recognised by what the file holds", async () => {
  assertEquals(
    [
      ...["a.circuit.json", "a.json", "A.DOT", "a.gv", "x/a.circuit", "a.circuit.txt", "a.txt"],
      ...["a.svg", "a.eap.json", "a.graph.json", "a.edges.json", "x/importances.json", "x/"],
    ].map((path) => formFor(circuitForms, path)?.name),
    [
      ...["json", "json", "dot", "dot", "text", "text", "text"],
      ...["svg", "eap-ig", "eap-ig", "edge-list", "mib", "mib-folder"],
    ],
  );
  const universe = universeOf(shapeOf(2, 2), { embeddings: "joint", qkv: "split" });
  const circuit = randomCircuit(universe, 6, 0.4, "kept");
  const folder = await Deno.makeTempDir();
  for (const form of circuitForms) {
    for (const ending of form.endings) {
      const path = `${folder}/c${ending}`;
      await saveCircuit(path, circuit);
      if (!form.read) continue;
      const read = await importCircuit(path, universe);
      assertStrictEquals(read.form, form.name);
      assertEquals([...read.circuit.edges], [...circuit.edges]);
    }
  }
  await assertRejects(
    () => openCircuit(`${folder}/c.svg`),
    CircuitError,
    "the text has no form of a circuit",
  );
  await assertRejects(
    () => openCircuit(`${folder}/c.edges.json`),
    CircuitError,
    "what its model is",
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a text fits one form at most", async () => {
  const circuit = randomCircuit(universes[0], 5, 0.3);
  for (const { write, read, name } of circuitForms) {
    const written = await write(circuit);
    if (!read || !("text" in written)) continue;
    const fitting = circuitForms.filter(({ fits }) => fits?.(written.text));
    assertEquals(fitting.map((form) => form.name), [name]);
  }
});

Deno.test("no two forms have one ending", () => {
  for (const forms of [circuitForms, tableForms]) {
    const endings = forms.flatMap(({ endings }) => endings);
    assertEquals(endings, [...new Set(endings)]);
  }
});

Deno.test("a file whose ending no form has is refused with the endings, and nothing is written", async () => {
  const folder = await Deno.makeTempDir();
  const circuit = randomCircuit(universes[0], 5, 0.3);
  for (const name of ["c", "c.xlsx", "c.svg.bak", "json"]) {
    const { message, help } = await assertRejects(
      () => saveCircuit(`${folder}/${name}`, circuit),
      CircuitError,
    );
    assert(help.includes(showEndings(circuitForms)), help);
    assert(message.endsWith(`/${name}\``), message);
  }
  assertEquals([...Deno.readDirSync(folder)], []);
  await Deno.remove(folder);
});

Deno.test("damaged text of every kind ends in a CircuitError", async () => {
  const circuit = randomCircuit(universes[1], 2, 0.3);
  const texts: string[] = [];
  for (const form of circuitForms.filter(({ read }) => read)) {
    const written = await form.write(circuit);
    if ("text" in written) texts.push(written.text);
  }
  for (const text of texts) {
    for (let cut = 0; cut < text.length; cut += Math.ceil(text.length / 23)) {
      try {
        await circuitFrom(text.slice(0, cut), universes[1]);
      } catch (error) {
        assert(error instanceof CircuitError, String(error));
      }
    }
  }
});

Deno.test("scores of every magnitude are DOT that Graphviz parses", async () => {
  const universe = universeOf(shapeOf(1, 1), { embeddings: "joint", qkv: "split" });
  const values = [1e-7, -8e-7, 1e24, -3.4e38, 1e-45, 0, 0.5, Infinity, -Infinity];
  for (const value of values) {
    const scores = new Float32Array(universe.edgeCount).fill(value);
    const circuit = { universe, edges: Uint32Array.of(0), scores, provenance: { expression: "x" } };
    const { text } = circuitToDot(circuit);
    assertStrictEquals((await circuitFromDot(text)).circuit.scores![0], scores[0]);
    assert(!text.includes("NaN"));
  }
  await assertRejects(
    () => circuitFromDot('digraph { m0 -> logits [score=" "] }', universe),
    CircuitError,
    "` ` is not a score",
  );
});

Deno.test("a byte-order mark before a circuit is passed over, whatever its form; other bytes are named", async () => {
  const [universe] = universes;
  const circuit = randomCircuit(universe, 3, 0.4);
  const folder = await Deno.makeTempDir();
  try {
    for (const form of circuitForms.filter(({ read }) => read)) {
      const path = `${folder}/c${form.endings[0]}`;
      await saveCircuit(path, circuit);
      const plain = (await importCircuit(path, universe)).circuit;
      await Deno.writeTextFile(path, "\ufeff" + await Deno.readTextFile(path));
      assertEquals((await importCircuit(path, universe)).circuit, plain, form.name);
    }
    await Deno.writeFile(`${folder}/c.txt`, Uint8Array.of(0xff, 0xfe, 0x66, 0));
    await assertRejects(() => openCircuit(`${folder}/c.txt`), CircuitError, "bytes are not UTF-8");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("earlier files name shared key/value heads as heads, and are read so", async () => {
  const universe = universes[4]; // 4 query heads over 2 key/value heads
  const edges = ["tok -> a0.kv1.v", "a0.h1 -> a1.kv0.k", "a1.h1 -> logits"].map((name) =>
    parseEdge(universe, name)
  );
  const circuit = makeCircuit(universe, edges, null, { expression: "hand" });
  for (const { name, write, read } of [json, text, dot, edgeList]) {
    const today = (await write(circuit) as { text: string }).text;
    assert(today.includes("a0.kv1.v") && today.includes("a1.kv0.k"), name);
    const old = today.replaceAll(/\.kv(\d\.[kv])/g, ".h$1");
    for (const form of [today, old]) {
      assertEquals([...(await read!(form, universe)).circuit.edges], edges, name);
    }
  }
});

Deno.test("forms that are read keep the provenance, or name the ablation that they lack", async () => {
  const universe = universeOf(shapeOf(2, 2), { embeddings: "joint", qkv: "split" });
  const provenance: Provenance = {
    name: "z",
    expression: 'top 5 of "a\\b" -> "c"',
    model: { name: "toy", hash: "ab12" },
    task: "ioi",
    corruption: "fresh",
    seed: 7,
    provider: "cpu",
    script: "cd34",
    version: "0.1.0",
    options: { steps: 3, clean_up: true, ablation: "zero", by: "kl" },
  };
  const reversed = Object.fromEntries(Object.entries(provenance).reverse()) as typeof provenance;
  const circuit = { ...randomCircuit(universe, 6, 0.4, "kept"), provenance: reversed };
  const kept: Record<string, string> = {};
  for (const form of circuitForms) {
    const written = await form.write(circuit);
    const lost = written.losses.some((loss) => loss.includes("the ablation `zero` is not written"));
    const back = "text" in written && await form.read?.(written.text, universe);
    if (back && !lost) kept[form.name] = JSON.stringify(back.circuit.provenance);
    const isDrawn = "text" in written && written.text.includes("under zero");
    assert(lost !== (form.name in kept || isDrawn), form.name);
  }
  // One order of fields, whatever the circuit's and the form.
  const all = JSON.stringify(provenance);
  assertEquals(kept, { json: all, text: all, dot: all });
});

Deno.test("a stored ablation that there is none of is refused", () => {
  const [universe] = universes;
  const text = circuitToJson({
    ...randomCircuit(universe, 1),
    provenance: { expression: "x", options: { ablation: "zeros" } },
  });
  const { message } = assertThrows(() => circuitFromJson(text), CircuitError);
  assertStrictEquals(
    message,
    "`provenance.options.ablation` must be one of interchange, zero, mean, mean_by_position: " +
      'this is "zeros"',
  );
});
