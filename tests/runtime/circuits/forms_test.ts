import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { CircuitError } from "../../../runtime/universe/errors.ts";
import { circuitFromDot, circuitToDot } from "../../../runtime/circuits/forms/dot.ts";
import { importCircuit, openCircuit, saveCircuit } from "../../../runtime/circuits/forms/files.ts";
import { circuitForms, circuitFrom, formOf } from "../../../runtime/circuits/forms/forms.ts";
import { universeOf } from "../../../runtime/universe/universe.ts";
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
  await refused("digraph { tok -> m0 }", "does not say its universe");
  await refused('digraph { "a0.h0" -> "a1.h0" }', "q, k and v", universe);
  await refused('digraph { tok -> "m7" }', "`m7`: the model has layers 0..1", universe);
  await refused('digraph { tok -> "m0" [score=high] }', "not a score", universe);
  await refused(circuitToDot(randomCircuit(universes[1], 1)).text, "layers 3 and 2", universe);
});

Deno.test("the form follows the file's name, and is recognised by what the file holds", async () => {
  assertEquals(
    ["a.circuit.json", "a.json", "a", "A.DOT", "x/a.circuit", "a.svg", "a.eap.json", "a.edges.json"]
      .map(formOf),
    ["json", "json", "json", "dot", "text", "svg", "eap-ig", "edge-list"],
  );
  const universe = universeOf(shapeOf(2, 2), { embeddings: "joint", qkv: "split" });
  const circuit = randomCircuit(universe, 6, 0.4, "kept");
  const folder = await Deno.makeTempDir();
  for (const [name, form] of Object.entries(circuitForms)) {
    const path = `${folder}/c${form.endings[0]}`;
    await saveCircuit(path, circuit);
    if (!form.read) continue;
    const read = await importCircuit(path, universe);
    assertStrictEquals(read.form, name);
    assertEquals([...read.circuit.edges], [...circuit.edges]);
  }
  await assertRejects(
    () => openCircuit(`${folder}/c.svg`),
    CircuitError,
    "the text has no form of a circuit",
  );
  await assertRejects(() => openCircuit(`${folder}/c.edges.json`), CircuitError, "universe");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("damaged text of every kind ends in a CircuitError", async () => {
  const circuit = randomCircuit(universes[1], 2, 0.3);
  const texts = [circuitToDot(circuit).text];
  for (const name of ["json", "eap-ig", "edge-list", "text"]) {
    texts.push((await circuitForms[name].write(circuit)).text);
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
