import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import type { Circuit } from "../../../runtime/circuits/circuit.ts";
import { CircuitError } from "../../../runtime/universe/errors.ts";
import { parseEdge } from "../../../runtime/universe/names.ts";
import { makeCircuit } from "../../../runtime/circuits/sets.ts";
import { circuitFromText, circuitToText } from "../../../runtime/circuits/forms/mod.ts";
import { randomCircuit, universes } from "./random.ts";

const provenance = {
  name: "ep",
  expression: 'a -> b # "x"',
  model: { name: "to y", hash: "00ff" },
  task: "ioi",
  corruption: "fresh_names",
  seed: 42,
  provider: "cpu",
  script: "abcd",
  version: "0.1.0",
  options: { steps: 3000, "log base": "e -> #1", nodes: false },
};

Deno.test("printing and parsing are inverse", () => {
  universes.forEach((universe, u) => {
    for (const scored of ["all", "kept", "none"] as const) {
      const circuit = { ...randomCircuit(universe, u + 3, 0.4, scored), provenance };
      const text = circuitToText(circuit, { leftOut: true });
      const back = circuitFromText(text);
      assertEquals([...back.edges], [...circuit.edges]);
      assertEquals(back.scores && [...back.scores], circuit.scores && [...circuit.scores]);
      assertEquals(back.provenance, provenance);
      assertEquals(back.universe, universe);
      assertStrictEquals(circuitToText(back, { leftOut: true }), text);
      assertStrictEquals(
        circuitToText(circuitFromText(circuitToText(circuit))),
        circuitToText(circuit),
      );
    }
  });
});

Deno.test("the form is a header and one edge a line", () => {
  const [universe] = universes;
  const edges = ["tok -> a0.h1.v", "a0.h1 -> logits"].map((name) => parseEdge(universe, name));
  const scores = new Float32Array(universe.edgeCount).fill(NaN);
  scores[edges[0]] = 0.83;
  const circuit: Circuit = makeCircuit(universe, edges, scores, {
    expression: "ep & hint",
    seed: 4,
  });
  const text = circuitToText(circuit);
  assertStrictEquals(
    text,
    `format circuit 1
universe layers 2, heads 2, key_value_heads 2, residual sequential, positions learned, embeddings split, qkv split
made_by "ep & hint"
seed 4

tok -> a0.h1.v  0.83
a0.h1 -> logits
`,
  );
  const loose = text.replace("tok -> a0.h1.v  0.83", "  tok->a0.h1.v 8.3e-1   # the first")
    .replaceAll("\n", "\r\n");
  assertStrictEquals(circuitToText(circuitFromText(loose)), text);
});

Deno.test("text that is no circuit of this universe is refused, with the line", () => {
  const text = circuitToText(randomCircuit(universes[0], 1, 0.3));
  const refused = (text: string, part: string, expected?: (typeof universes)[0]) => {
    const { message } = assertThrows(() => circuitFromText(text, expected), CircuitError);
    assert(message.includes(part), message);
  };
  refused(text + "a9.h0 -> logits\n", "`a9.h0`: the model has layers 0..1");
  refused(text + "m1 -> m0\n", "writes after");
  refused(text + text.trim().split("\n").at(-1), "listed twice");
  refused(text.replace("circuit 1", "circuit 2"), "line 1: the form `circuit 2` is not known");
  refused(text.replace(/universe.*\n/, ""), "must come before the edges");
  refused(text.replace(/format.*\n/, ""), "does not begin as a circuit does");
  refused(text.replace("layers 2", "layers two"), "universe.layers");
  refused(text.replace('made_by "random"', "made_by random"), "quoted text");
  refused(text + "colour red\n", "`colour` is neither");
  refused(text, "layers 2 and 3", universes[1]);
});
