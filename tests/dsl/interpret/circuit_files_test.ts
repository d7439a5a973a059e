/** Circuits that scripts read, save and write out. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { ScriptError } from "../../../dsl/interpret/error.ts";
import { inFolder, toy } from "../../cli/run_circ.ts";
import { ioiScript, toyModel } from "../../support/toy_scripts.ts";
import { outcomeOf } from "../support/outcome.ts";

const written = `${toyModel}
circuit c {
  in toy
  edges {
    tok -> a0.h1.v 0.0000001
    a0.h1 -> logits 0.5
    pos -> m2 0.75
    m0 -> m1 0.25
  }
}
`;

Deno.test("edges that lie on no path are said of circuits that are written out, read or taken from the top", () =>
  inFolder({
    "c.edges.json": '[["tok_embeds", "m0"], ["m1", "resid_post"], ["pos_embeds", "resid_post"]]',
  }, async (folder) => {
    const { notes, circuit } = await outcomeOf(
      `${written}circuit e { from "c.edges.json" in toy }
let two = top 2 of c
edges(two)
`,
      { file: join(folder, "a.circ") },
    );
    const idle = notes.filter((note) => note.includes("on no path"));
    // tok -> a0.h1 -> logits is the only path of c, and pos -> logits the only one of e; the top two have none.
    assertEquals(idle.map((note) => note.split(" from the input")[0]), [
      "note: c: 2 of 4 edges lie on no path",
      "note: c.edges.json: 2 of 3 edges lie on no path",
      "note: top 2 of c: 2 of 2 edges lie on no path",
    ]);
    assertEquals(circuit("c").edges.length, 4);
  }));

Deno.test("a circuit that a script saves is read further down in the same script, in every form", () =>
  inFolder({}, async (folder) => {
    const endings = ["circuit.json", "circuit.txt", "dot", "edges.json", "eap.json"];
    const statements = endings.map((ending, i) =>
      `save c to "k.${ending}"\ncircuit k${i} { from "./k.${ending}" in toy }\nedges(k${i})\n`
    );
    const { texts, circuit } = await outcomeOf(written + statements.join(""), {
      file: join(folder, "a.circ"),
    });
    assertEquals(texts.slice(0, 4), ["4", "4", "4", "4"]);
    // There \`input\` stands for tok and pos: tok -> a0.h1.v and pos -> m2 become two edges each.
    assertEquals(texts[4], "6");
    const scores = circuit("c").scores!;
    for (const name of ["k0", "k1", "k2"]) {
      assertEquals([...circuit(name).scores!], [...scores]);
    }
    assert(
      Math.fround(1e-7) === Math.max(
        ...[...circuit("k2").edges].map((edge) => scores[edge]).filter((x) => x < 0.1),
      ),
    );
  }));

Deno.test("what a form lacks is said where a circuit is read", () =>
  inFolder({}, async (folder) => {
    const graph = {
      cfg: { n_layers: 4, n_heads: 8, parallel_attn_mlp: false },
      nodes: {},
      edges: {
        "input->m0": { score: null, in_graph: false },
        "m0->logits": { score: 0.5, in_graph: false },
      },
    };
    await Deno.writeTextFile(join(folder, "i.json"), JSON.stringify(graph));
    const { notes, texts } = await outcomeOf(
      `${toyModel}\ncircuit i { from "i.json" in toy }\nedges(i)\nedges(top 1 of (i | complement of i))\n`,
      { file: join(folder, "a.circ") },
    );
    const said = (part: string) =>
      assert(
        notes.some((note) => note.startsWith("note: i.json: ") && note.includes(part)),
        notes.join("\n"),
      );
    said("1 of 2 edges have no score");
    said("no edge is `in_graph`");
    assertEquals(texts, ["0", "1"]);
  }));

Deno.test("equal scores on both sides of the cut of `top` are said, and so are missing ones", async () => {
  const edges = [
    "embed -> a0.h1.v 0.5",
    "a0.h1 -> logits 0.25",
    "embed -> m0 0.25",
    "m0 -> logits 0.25",
  ];
  const { notes } = await outcomeOf(`model toy { from "${toy}" }
circuit c {
  in toy
  edges {
    ${edges.join("\n    ")}
    m1 -> logits
    m2 -> logits
  }
}
edges(top 1 of c)
edges(top 2 of c)
edges(top 4 of c)
edges(top 5 of c)
`);
  const by = "the order of the model's edges decided between them";
  assertEquals(notes.filter((note) => note.includes(by)), [
    `note: top 2 of c: 1 of the edges kept and 2 of those left out have the same score, 0.25: ${by}`,
    `note: top 5 of c: 1 of the edges kept and 1 of those left out have no score: ${by}`,
  ]);
});

Deno.test("errors about circuits of files have the script's name and the circuit's place", () =>
  inFolder({
    "list.edges.json": '[["tok_embeds", "m0"], ["m0", "resid_post"]]',
  }, async (folder) => {
    const task = ioiScript({ train: 4, test: 4 });
    const options = { file: join(folder, "a.circ") };
    await outcomeOf(
      `${task}circuit zero { in toy edges { tok -> m0 0.5 m0 -> logits 0.25 } }\nsave zero to "z.dot"\n`
        .replace("0.5 m0", "0.5\nm0"),
      options,
    );
    const read = `${task}circuit c { find eap in toy for ioi corrupted by strangers keep 40 }
circuit r { from "z.dot" in toy }
circuit d { from "list.edges.json" in toy }
`;
    const has = async (statement: string, name: string, problem: string) => {
      const text = read + statement;
      const { diagnostic } = await assertRejects(() => outcomeOf(text, options), ScriptError);
      const { message, span } = diagnostic;
      assertEquals([message, text.slice(span.start, span.end)], [`\`${name}\` ${problem}`, name]);
    };
    const few = "has scores of 2 of 1,620 edges, and its curve takes the best 3";
    await has("evaluate c, r on ioi corrupted by strangers by cpr\n", "r", few);
    await has("cpr(r, ioi.test)\n", "r", few);
    await has("let best = top 5% of d\nedges(best)\n", "d", "has no scores");
  }));
