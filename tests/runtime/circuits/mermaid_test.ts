/** Circuits as Mermaid flowcharts. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type Circuit,
  circuitForms,
  circuitFromText,
  edgeName,
  type Exported,
  makeCircuit,
  universeOf,
} from "../../../runtime/circuits/mod.ts";
import { CircuitError } from "../../../runtime/universe/errors.ts";
import { randomCircuit, shapeOf, universes } from "./random.ts";

const circuitToMermaid = (circuit: Circuit) =>
  circuitForms.find(({ name }) => name === "mermaid")!.write(circuit) as Exported;

Deno.test("a flowchart names components, inputs and scores", () => {
  const circuit = circuitFromText(`format circuit 1
universe layers 1, heads 2, key_value_heads 2, residual sequential, positions none, embeddings joint, qkv split
made_by "two \\"edges\\"\\n---"

embed -> a0.h1.v  0.98765
a0.h1 -> logits
`);
  assertEquals(
    circuitToMermaid(circuit).text,
    `---
title: "two \\"edges\\"\\n---"
---
flowchart BT
  embed["embed"]:::embed
  a0_h1["a0.h1"]:::head
  logits["logits"]:::logits
  embed -->|"v 0.988"| a0_h1
  a0_h1 --> logits
  classDef embed fill:#e3efdf,stroke:#5b8c4a,color:#000
  classDef head fill:#e4ecf7,stroke:#4a6fa5,color:#000
  classDef logits fill:#e9e4ef,stroke:#6f5a8d,color:#000
  linkStyle 0 stroke:#008a62
  linkStyle 1 stroke:#6b6b6b
`,
  );
});

Deno.test("the arrows of a flowchart are the edges, with their scores", () => {
  for (const universe of [universes[0], universes[1], universes[5]]) {
    const circuit = randomCircuit(universe, 4, 0.4);
    const { text } = circuitToMermaid(circuit);
    const arrows = [...text.matchAll(/^ {2}(\w+) -->(?:\|"([^"]*)"\|)? (\w+)$/gm)]
      .map(([, from, label = "", to]) => {
        const [, input, score] = /^([qkv])? ?(\S+)?$/.exec(label)!;
        const edge = `${from} -> ${to}${input ? `.${input}` : ""}`.replaceAll("_", ".");
        return `${edge} ${score === undefined ? NaN : Number(score)}`;
      });
    const edges = Array.from(
      circuit.edges,
      (edge) => `${edgeName(universe, edge)} ${Number(circuit.scores![edge].toPrecision(3))}`,
    );
    assertEquals(arrows.sort(), edges.sort());
  }
});

Deno.test("a flowchart has the strongest 400 edges, and none is chosen without scores", () => {
  const universe = universeOf(shapeOf(4, 4), { embeddings: "joint", qkv: "split" });
  const edges = Array.from({ length: universe.edgeCount }, (_, edge) => edge);
  const scores = Float32Array.from(edges);
  const { text, losses } = circuitToMermaid(
    makeCircuit(universe, edges, scores, { expression: "all" }),
  );
  assertEquals(text.match(/-->/g)!.length, 400);
  assert(losses.some((loss) => loss.startsWith("the 400 strongest of")), losses.join("\n"));
  const bare = makeCircuit(universe, edges, null, { expression: "all" });
  assertThrows(() => circuitToMermaid(bare), CircuitError, "at most 400 are drawn");
});
