/**
 * Scripts from text to results, on the toy model.
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "node:path";
import { discover } from "../../../runtime/discovery/mod.ts";
import { openModel } from "../../../runtime/models/mod.ts";
import { openEngine, openMasked } from "../../../runtime/stream/mod.ts";
import { parseEdge } from "../../../runtime/universe/names.ts";
import { inFolder, root, toy } from "../../cli/run_circ.ts";
import { lineOf } from "../../support/place.ts";
import { ioiScript } from "../../support/toy_scripts.ts";
import { once, outcomeOf } from "../support/outcome.ts";

const preamble = ioiScript({ train: 8, test: 8 });
const script = `${preamble}
circuit ig {
  find eap_ig
  in toy
  for ioi corrupted by strangers
  keep 100
  steps 2
}

let half = top 50 of ig
let rest = ig - half
evaluate ig, half on ioi.test by kl, metric
edges of ig where to.kind = logits order by weight desc limit 2
count edges of half
overlap ig, half
why logits in half
edges(ig without [tok, a0.* -> m0])
edges(rest) + edges(half & ig)
[1, "a"]
expect edges(ig) = 100 and kl(ig) >= 0
expect sparsity(half) > 99%
`;
const outcome = once(() => outcomeOf(script));

Deno.test("evaluate: the full model and each circuit in a row, with their sizes", async () => {
  const [{ columns, rows }] = (await outcome()).tables;
  assertEquals(columns, ["circuit", "edges", "sparsity", "kl", "logit_difference"]);
  assertEquals(rows.map((row) => row.slice(0, 2)), [
    ["(full model)", 1620],
    ["ig", 100],
    ["half", 50],
  ]);
});

Deno.test("evaluate: the larger of two circuits of one ranking is nearer to the model", async () => {
  const [{ rows }] = (await outcome()).tables;
  assert(Number(rows[1][3]) < Number(rows[2][3]));
});

Deno.test("edges of: only what the condition holds for, and no more than the limit", async () => {
  const [, { rows }] = (await outcome()).tables;
  assertEquals(rows.map((row) => row[1]), ["logits", "logits"]);
});

Deno.test("count: the number of edges is the table", async () =>
  assertEquals((await outcome()).tables[2].rows, [[50]]));

Deno.test("overlap: the edges of the smaller circuit are shared", async () =>
  assertEquals((await outcome()).tables[3].rows[0].slice(0, 5).includes(50), true));

Deno.test("why: what a component reads is listed", async () =>
  assert((await outcome()).tables[4].rows.length > 0));

Deno.test("set operations: a circuit is what is in its part and what is left of it", async () =>
  assertEquals((await outcome()).texts[1], "100"));

Deno.test("a list is shown as it is written", async () =>
  assertEquals((await outcome()).texts[2], '[1, "a"]'));

Deno.test("expect: what does not hold has its line, and the script goes on", async () => {
  const { failed, notes } = await outcome();
  assertEquals(failed, [`script.circ:${lineOf(script, "expect sparsity(half)")}`]);
  assert(notes.some((note) => note.startsWith("as expected: edges(ig) = 100")));
  assert(notes.some((note) => note.includes("not as expected: sparsity(half) > 99%")));
});

Deno.test("a circuit that was found keeps where it comes from", async () => {
  const { provenance } = (await outcome()).circuit("ig");
  assertEquals(
    [provenance.expression, provenance.task, provenance.corruption, provenance.provider],
    ["eap_ig", "ioi", "strangers", "cpu"],
  );
  assert(provenance.model!.hash.length === 64);
});

Deno.test("notes tell the device and the size of what was found", async () => {
  const { notes } = await outcome();
  assert(notes.some((note) => note.startsWith("device: cpu")));
  assert(notes.some((note) => note.startsWith("ig: 100 of 1,620 edges")));
});

/** Prompts with scores that the EAP-IG library gives the toy's edges. */
const library = JSON.parse(
  Deno.readTextFileSync(join(root, "tests/fixtures/eap-ig/toy.json")),
) as {
  readonly pairs: readonly {
    readonly clean: number[];
    readonly corrupted: number[];
    readonly answer: number;
    readonly wrong: number;
  }[];
  readonly edges: readonly string[];
  readonly scores: Readonly<Record<string, { readonly batch: number; readonly float32: string }>>;
};

/** A script on the library's prompts, as a data file of tokens. */
const onPairs = (script: string) =>
  inFolder({
    "pairs.jsonl": library.pairs.map(({ clean, corrupted, answer, wrong }) =>
      JSON.stringify({
        clean_tokens: clean,
        corrupted_tokens: corrupted,
        answers: [answer],
        wrong_answers: [wrong],
      })
    ).join("\n"),
  }, (folder) =>
    outcomeOf(
      `model toy { from "${toy}" }
task pairs { data train "pairs.jsonl" metric logit_difference }
${script}`,
      { file: join(folder, "x.circ") },
    ));

Deno.test("clean_corrupted in a script gives every edge the score of the EAP-IG library", async () => {
  const { circuit } = await onPairs(
    "circuit c { find clean_corrupted in toy for pairs objective metric rank signed keep 100 }\n",
  );
  const { universe, edges, scores, provenance } = circuit("c");
  assertEquals([edges.length, provenance.expression], [100, "clean_corrupted"]);
  const { batch, float32 } = library.scores["clean-corrupted.ld"];
  const bytes = Uint8Array.from(atob(float32), (char) => char.charCodeAt(0));
  const expected = [...new Float32Array(bytes.buffer)].map((score) => batch * score);
  const reach = Math.max(...expected.map(Math.abs));
  library.edges.forEach((name, i) => {
    const [from, to] = name.replace("input", "embed").replace(/<(.)>$/, ".$1").split("->");
    assertAlmostEquals(scores![parseEdge(universe, `${from} -> ${to}`)], expected[i], 1e-5 * reach);
  });
});

const pruned = once(() =>
  outcomeOf(`${preamble}
schedule short {
  steps 4
  batch 4
  edge_sparsity 0 -> 90%
}
circuit a { find edge_pruning in toy for ioi corrupted by strangers using short seed 1 }
circuit b { find edge_pruning in toy for ioi corrupted by strangers using short seed 1 }
circuit c { find edge_pruning in toy for ioi corrupted by strangers using short with edge_sparsity 0 -> 95% seed 2 }
`)
);

Deno.test("Edge Pruning by a schedule finds what the library finds with these options", async () => {
  const { circuit } = await onPairs(`schedule short {
  steps 4
  batch 4
  edge_sparsity 0 -> 90%
}
circuit c { find edge_pruning in toy for pairs using short seed 1 }
`);
  const engine = await openEngine({ device: "cpu" });
  const masked = await openMasked(engine, await openModel(toy));
  const train = await masked.prepare(library.pairs.map((pair) => ({
    clean: "",
    corrupted: "",
    cleanTokens: Int32Array.from(pair.clean),
    corruptedTokens: Int32Array.from(pair.corrupted),
    answers: Int32Array.of(pair.answer),
    wrong: Int32Array.of(pair.wrong),
  })));
  const found = await discover("edge_pruning", {
    masked,
    train,
    task: "pairs",
    corruption: "data",
    metric: "logit_difference",
  }, {
    steps: 4,
    batch: 4,
    warmUp: 0,
    edgeSparsity: { from: 0, to: 0.9, over: 4, shape: "linear" },
    keep: 152,
    seed: 1,
  });
  await engine.close();
  assertEquals([...circuit("c").edges], [...found.circuit.edges]);
});

Deno.test("Edge Pruning keeps as many edges as the schedule, or what overrides it, says", async () => {
  const { circuit } = await pruned();
  assertEquals(["a", "b", "c"].map((name) => circuit(name).edges.length), [162, 162, 81]);
});

const swept = once(() =>
  outcomeOf(`${preamble}
sweep n from [40, 80], seed from 1..2 {
  circuit found { find random in toy for ioi corrupted by strangers keep n seed seed }
  edges(found) + seed
}
sweep part from [1, 2] {
  circuit few { find eap_ig in toy for ioi corrupted by strangers keep part + 9 steps 1 examples 9 }
  count edges of few
}
sweep share from [40, 5%] {
  circuit part { find random in toy for ioi corrupted by strangers keep share }
  edges(part)
}
`)
);

Deno.test("a sweep runs at every point", async () =>
  assertEquals((await swept()).tables[0].rows, [[40, 1, 41], [40, 2, 42], [80, 1, 81], [
    80,
    2,
    82,
  ]]));

Deno.test("a table of a sweep says in each row where it was made", async () => {
  const { columns, rows } = (await swept()).tables[1];
  assertEquals([columns[0], rows], ["part", [[1, 10], [2, 11]]]);
});

Deno.test("a note on more examples than there are names the point of the sweep", async () => {
  const { notes } = await swept();
  assert(notes.includes("few (part=1): `examples 9`, and there are 8"), notes.join("\n"));
});

Deno.test("a name of a sweep ends with it", async () =>
  assert(!(await swept()).names.has("found")));

Deno.test("a swept share is a share, a swept number a number of edges", async () =>
  assertEquals((await swept()).tables[2].rows, [[40, 40], [0.05, 81]]));

const imported = once(() =>
  inFolder(
    { "lib/tasks.circ": `${preamble}\nlet answer = 42\nanswer\n` },
    (folder) => outcomeOf('import "lib/tasks.circ"\nanswer\n', { file: join(folder, "main.circ") }),
  )
);

Deno.test("an import brings declarations", async () =>
  assertEquals((await imported()).names.get("ioi")?.kind, "task"));

Deno.test("an import runs no commands", async () => assertEquals((await imported()).shown, ["42"]));

const hand = `${preamble}
circuit hand {
  in toy
  edges {
    tok -> a0.h1.q 0.5
    a0.h1 -> logits 0.25
  }
}
`;

Deno.test("a circuit that was written out and saved is the same when it is read again", () =>
  inFolder({}, async (folder) => {
    const file = join(folder, "x.circ");
    await outcomeOf(`${hand}save hand to "hand.circuit.json"\n`, { file });
    const { circuit, failed } = await outcomeOf(
      `${hand}
circuit again {
  from "hand.circuit.json"
  in toy
}
expect edges(hand & again) = 2
`,
      { file },
    );
    assertEquals(failed, []);
    assertEquals(circuit("again").edges.length, 2);
  }));

Deno.test("the edges of a circuit are saved as a table", () =>
  inFolder({}, async (folder) => {
    await outcomeOf(`${hand}save edges of hand to "hand.csv"\n`, { file: join(folder, "x.circ") });
    assertEquals(
      await Deno.readTextFile(join(folder, "hand.csv")),
      "from,to,weight\r\ntok,a0.h1.q,0.5\r\na0.h1,logits,0.25\r\n",
    );
  }));

Deno.test("`in` asks whether a value is one of a list, or lies in a range", async () => {
  const { texts } = await outcomeOf(`let n = 40
n in [40, 41]
n + 1 in [40, 42]
n in 30..50
40.5 in 40..41
n in 41..50
"a" in ["b", "a"]
(not n in [1])
`);
  assertEquals(texts, ["true", "false", "true", "true", "false", "true", "true"]);
});
