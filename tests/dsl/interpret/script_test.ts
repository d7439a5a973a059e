/**
 * Scripts from text to results, on the toy model.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { ScriptError } from "../../../dsl/interpret/error.ts";
import { StoppedError } from "../../../dsl/interpret/circuit/find.ts";
import { type RunOptions, runScript } from "../../../dsl/interpret/script.ts";
import type { Table } from "../../../runtime/circuits/mod.ts";
import { inFolder } from "../../cli/run_circ.ts";
import { ioiScript } from "../../support/toy_scripts.ts";

const preamble = ioiScript({ train: 8, test: 8 });
const scored = `${preamble}
circuit ig {
  find eap_ig
  in toy
  for ioi corrupted by strangers
  keep 100
  steps 2
}
`;
const run = (text: string, options: RunOptions = {}) =>
  runScript(text, { device: "cpu", ...options });
const isTable = (value: Table | string): value is Table => typeof value !== "string";

Deno.test("a script finds, evaluates, queries and expects", async () => {
  const notes: string[] = [];
  const { shown, failed, names } = await run(
    `${scored}
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
`,
    { onNote: (note) => notes.push(note) },
  );
  const [evaluated, edges, count, overlap, why] = shown.filter(isTable);
  assertEquals(evaluated.columns, ["circuit", "edges", "sparsity", "kl", "logit_difference"]);
  assertEquals(evaluated.rows.map((row) => row.slice(0, 2)), [
    ["(full model)", 1620],
    ["ig", 100],
    ["half", 50],
  ]);
  assert(Number(evaluated.rows[1][3]) < Number(evaluated.rows[2][3]));
  assertEquals(edges.rows.length, 2);
  assertEquals(edges.rows.map((row) => row[1]), ["logits", "logits"]);
  assertEquals(count.rows, [[50]]);
  assertEquals(overlap.rows[0].slice(0, 5).includes(50), true);
  assert(why.rows.length > 0);
  const texts = shown.filter((each) => !isTable(each));
  assertEquals(texts[1], "100");
  assertEquals(texts[2], '[1, "a"]');
  assertEquals(failed, ["script.circ:37"]);
  const circuit = names.get("ig");
  assert(circuit?.kind === "circuit");
  const { provenance } = circuit.circuit;
  assertEquals(
    [provenance.expression, provenance.task, provenance.corruption, provenance.provider],
    ["eap_ig", "ioi", "strangers", "cpu"],
  );
  assert(provenance.model!.hash.length === 64);
  assert(notes.some((note) => note.startsWith("device: cpu")));
  assert(notes.some((note) => note.startsWith("ig: 100 of 1,620 edges")));
  assert(notes.some((note) => note.startsWith("as expected: edges(ig) = 100")));
  assert(notes.some((note) => note.includes("not as expected: sparsity(half) > 99%")));
});

Deno.test("Edge Pruning by a schedule: the same seed, the same circuit; another one, another", async () => {
  const { names } = await run(`${preamble}
schedule short {
  steps 4
  batch 4
  edge_sparsity 0 -> 90%
}
circuit a { find edge_pruning in toy for ioi corrupted by strangers using short seed 1 }
circuit b { find edge_pruning in toy for ioi corrupted by strangers using short seed 1 }
circuit c { find edge_pruning in toy for ioi corrupted by strangers using short with edge_sparsity 0 -> 95% seed 2 }
`);
  const edges = ["a", "b", "c"].map((name) => {
    const value = names.get(name);
    assert(value?.kind === "circuit");
    return [...value.circuit.edges];
  });
  assertEquals(edges[0], edges[1]);
  assertEquals(edges.map(({ length }) => length), [162, 162, 81]);
});

Deno.test("a sweep runs at every point, with names of its own", async () => {
  const notes: string[] = [];
  const { shown, names } = await run(
    `${preamble}
sweep n from [40, 80], seed from 1..2 {
  circuit found { find random in toy for ioi corrupted by strangers keep n seed seed }
  edges(found) + seed
}
sweep part from [1, 2] {
  circuit few { find eap_ig in toy for ioi corrupted by strangers keep part + 9 steps 1 examples 9 }
  count edges of few
}
`,
    { onNote: (note) => notes.push(note) },
  );
  assertEquals(shown.slice(0, 4), ["41", "42", "81", "82"]);
  // A table says where it was made, as it may end in a file.
  assertEquals(shown.filter(isTable).map((table) => [table.notes, table.rows]), [
    [["at part=1"], [[10]]],
    [["at part=2"], [[11]]],
  ]);
  assert(notes.includes("few (part=1): `examples 9`, and there are 8"), notes.join("\n"));
  assert(!names.has("found"));
});

Deno.test("imports bring declarations and run no commands", () =>
  inFolder({
    "lib/tasks.circ": `${preamble}\nlet answer = 42\nanswer\n`,
    "main.circ": 'import "lib/tasks.circ"\nanswer\n',
  }, async (folder) => {
    const file = join(folder, "main.circ");
    const { shown, names } = await run(await Deno.readTextFile(file), { file });
    assertEquals(shown, ["42"]);
    assertEquals(names.get("ioi")?.kind, "task");
  }));

Deno.test("circuits are written out, saved and read again", () =>
  inFolder({}, async (folder) => {
    const file = join(folder, "x.circ");
    const hand = `${preamble}
circuit hand {
  in toy
  edges {
    tok -> a0.h1.q 0.5
    a0.h1 -> logits 0.25
  }
}
`;
    await run(`${hand}save hand to "hand.circuit.json"\nsave edges of hand to "hand.csv"\n`, {
      file,
    });
    const { names, failed } = await run(
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
    const again = names.get("again");
    assert(again?.kind === "circuit");
    assertEquals(again.circuit.edges.length, 2);
    assertEquals(
      await Deno.readTextFile(join(folder, "hand.csv")),
      "from,to,weight\r\ntok,a0.h1.q,0.5\r\na0.h1,logits,0.25\r\n",
    );
  }));

Deno.test("what is wrong has its place, found by checking or by running", async () => {
  const unknown = await assertRejects(() => run("edges of nothing\n"), ScriptError);
  assertStringIncludes(unknown.message, "script.circ:1:10: error");
  const late = await assertRejects(
    () => run(scored.replace('answer " {A}"', 'answer " {A}, {B}"')),
    ScriptError,
  );
  assertStringIncludes(late.message, "tokens where one is needed");
  assertStringIncludes(late.message, "\n  9 |   answer");
});

Deno.test("a discovery stops when asked, and what it found keeps its name", async () => {
  const controller = new AbortController();
  const notes: string[] = [];
  await assertRejects(
    () =>
      run(
        `${preamble}
schedule long {
  steps 10000
  batch 2
  edge_sparsity 0 -> 90%
}
circuit c { find edge_pruning in toy for ioi corrupted by strangers using long }
edges(c)
`,
        {
          signal: controller.signal,
          onProgress: ({ step, label }) => label === "c" && step >= 2 && controller.abort(),
          onNote: (note) => notes.push(note),
        },
      ),
    StoppedError,
    "`c` is what was found so far",
  );
  assert(notes.some((note) => note.startsWith("c: 162 of 1,620 edges")));
});

Deno.test("a circuit that is found again and stopped leaves the circuit as it was", async () => {
  const controller = new AbortController();
  await assertRejects(
    () =>
      run(
        `${preamble}
schedule long {
  steps 20
  batch 2
  edge_sparsity 0 -> 90%
}
circuit c { find edge_pruning in toy for ioi corrupted by strangers using long }
stability of c over 2 seeds
`,
        {
          signal: controller.signal,
          onProgress: ({ step, label }) =>
            label === "c (seed=2)" && step >= 2 && controller.abort(),
        },
      ),
    StoppedError,
    "stopped at `c (seed=2)`: what was found before it is kept",
  );
});

Deno.test("a swept share is a share, a swept number a number of edges", async () => {
  const { shown } = await run(`${preamble}
sweep n from [40, 5%] {
  circuit part { find random in toy for ioi corrupted by strangers keep n }
  edges(part)
}
`);
  assertEquals(shown, ["40", "81"]);
});

Deno.test("what a circuit lacks carries what `ablation` says, when it is found and when it is measured", async () => {
  const kls: number[] = [];
  for (const ablation of ["interchange", "zero", "mean", "mean_by_position"]) {
    const { shown, names } = await run(`${preamble}
circuit c {
  find eap
  in toy
  for ioi corrupted by strangers
  keep 100
  ablation ${ablation}
}
evaluate c on ioi.test by kl
kl(c without a0.*)
`);
    const [table] = shown.filter(isTable);
    const circuit = names.get("c");
    assert(circuit?.kind === "circuit");
    assertEquals(circuit.ablation, ablation);
    assertEquals(
      circuit.circuit.provenance.options?.ablation,
      ablation === "interchange" ? undefined : ablation,
    );
    kls.push(Number(table.rows[0][3]));
  }
  assertEquals(new Set(kls).size, 4, `${kls}`);
});

const reverse = `
program reverse {
  over   [1, 2, 3] length 3
  let    size = count(select(tokens, tokens, always))
  output aggregate(select(indices, size - 1 - indices, ==), tokens)
}
`;

Deno.test("a program becomes a model whose circuit is known, and a method is held against it", async () => {
  const { names, failed } = await run(`${reverse}
model r {
  from reverse
  split embeddings
}
task inputs {
  generate reverse
  examples train 20, validation 0, test 10
}
circuit truth { find ground_truth in r for inputs ablation zero }
circuit apart { find ground_truth in r for inputs }
circuit cut { find acdc in r for inputs threshold 0.01 ablation zero }
evaluate cut against truth
expect edges(truth) = 7 and edges(apart) = 2
expect kl(truth) < 1e-5 and kl(apart) < 1e-5 and kl(truth without tok) > 0.1
expect edges(cut - truth) = 0 and edges(truth - cut) = 0
`);
  assertEquals(failed, []);
  const model = names.get("r");
  assert(model?.kind === "model" && model.plan !== undefined);
  // The model's files were temporary.
  await assertRejects(() => Deno.stat(model.model.folder), Deno.errors.NotFound);
});

Deno.test("the known circuit is counted as the model's universe counts", async () => {
  const edges = async (convention: string) => {
    const { shown } = await run(`${reverse}
model r {
  from reverse
  ${convention}
}
circuit truth { find ground_truth in r ablation zero }
edges of truth
`);
    return (shown[0] as Table).rows.map(([from, to]) => `${from} -> ${to}`);
  };
  assertEquals(await edges("join embeddings\n  join qkv"), [
    "embed -> a0.h0",
    "embed -> m0",
    "a0.h0 -> m0",
    "embed -> a1.h0",
    "m0 -> a1.h0",
    "a1.h0 -> logits",
  ]);
  assertEquals(await edges("keep embeddings"), [
    "a0.h0 -> m0",
    "m0 -> a1.h0.q",
    "a1.h0 -> logits",
  ]);
});

Deno.test("functions of programs mean what they say", async () => {
  const outputs = async (output: string) => {
    const { names } = await run(`
let two = 2
program p {
  over   [-1, 2] length 2
  let    before = select(indices, indices, <)
  output ${output}
}
`);
    const program = names.get("p");
    assert(program?.kind === "program");
    const { plan } = program;
    // The last input is 2 2; the third one 2 -1 (all of length 1 come first).
    return [3, 4].map((input) =>
      [...plan.outputs.subarray(plan.domain.offsets[input], plan.domain.offsets[input + 1])]
        .map((token) => plan.tokens[token]).join(" ")
    );
  };
  assertEquals(await outputs("abs(tokens) + indices"), ["1 3", "2 2"]);
  assertEquals(await outputs("min(tokens, two - 1, 5)"), ["-1 1", "1 -1"]);
  assertEquals(await outputs("round(tokens / 4)"), ["0 1", "1 0"]);
  assertEquals(await outputs("not (tokens == 2) or false"), ["1 0", "0 1"]);
  assertEquals(await outputs("count(before and select(tokens, -1, ==)) - tokens"), [
    "1 -1",
    "-2 1",
  ]);
  assertEquals(await outputs("aggregate(before, tokens, -3)"), ["-3 -1", "-3 2"]);
  assertEquals(await outputs("if(tokens > 0, indices, tokens)"), ["-1 1", "0 -1"]);
  assertEquals(await outputs("mod(tokens - indices, 3)"), ["2 1", "2 1"]);
  assertEquals(await outputs("length - indices - tokens"), ["3 -1", "0 2"]);
  assertEquals(await outputs("count(not before) * 10 + count(before or select(tokens, 2, ==))"), [
    "21 12",
    "21 11",
  ]);
});

Deno.test("what is wrong with a program or its model has its place", async () => {
  const message = async (text: string) =>
    (await assertRejects(() => run(text), ScriptError)).message;
  assertStringIncludes(
    await message(reverse.replace("size - 1 - indices", "tokens / 0")),
    "script.circ:2:9: error: ",
  );
  assertStringIncludes(
    await message(reverse.replace("size - 1 - indices", 'if(tokens > 1, "a", 1) - 1')),
    '`-` takes numbers, and "a" is not one (on input 2)',
  );
  assertStringIncludes(
    await message(`${preamble}${reverse}
task inputs {
  generate reverse
  examples train 9, validation 0, test 9
}
circuit c { find eap_ig in toy for inputs keep 5 }
`),
    "`toy` does not come from `reverse`",
  );
  assertStringIncludes(
    await message(`${reverse}
model r { from reverse }
circuit c { find ground_truth in r ablation mean }
`),
    "the true circuit is not known under ablation `mean`",
  );
});

Deno.test("plots are written whole: metrics over sizes, overlaps, layers", () =>
  inFolder({}, async (folder) => {
    const file = join(folder, "x.circ");
    const notes: string[] = [];
    await run(
      `${scored}
circuit chance { find random in toy for ioi corrupted by strangers keep 400 }
let half = (ig & ig) without m0
plot faithfulness of ig, chance to "faithfulness.svg"
plot kl of ig, half on ioi.train to "kl.svg"
plot cpr of ig to "cpr.svg"
plot overlap of ig, half to "overlap.svg"
plot layers of ig to "layers.svg"
`,
      { file, onNote: (note) => notes.push(note) },
    );
    const names = ["cpr", "faithfulness", "kl", "layers", "overlap"].map((name) => `${name}.svg`);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), names);
    const svg = (name: string) => Deno.readTextFileSync(join(folder, name));
    for (const name of names) assert(/^<svg[^]*<\/svg>\n$/.test(svg(name)), name);
    assertStringIncludes(svg("faithfulness.svg"), ">chance<");
    assertStringIncludes(svg("faithfulness.svg"), ">faithfulness<");
    // Of two circuits, one has a curve: its band. A measure of a whole curve has none.
    assertStringIncludes(svg("faithfulness.svg"), 'aria-roledescription="area mark"');
    assert(!svg("cpr.svg").includes('aria-roledescription="area mark"'));
    assertStringIncludes(svg("kl.svg"), "KL from the full model (nats)");
    assertStringIncludes(svg("overlap.svg"), ">half (");
    assert(notes.includes("plotted kl to kl.svg"));
    const nowhere = await assertRejects(
      () => run(`${scored}plot layers of ig to "none/x.svg"\n`, { file }),
      ScriptError,
    );
    assertStringIncludes(nowhere.message, 'cannot write "none/x.svg": no such file or folder');
  }));

Deno.test("clean_corrupted is found like any other method", async () => {
  const { names } = await run(
    scored.replace("find eap_ig", "find clean_corrupted").replace("  steps 2\n", ""),
  );
  const circuit = names.get("ig");
  assert(circuit?.kind === "circuit");
  assertEquals(circuit.circuit.edges.length, 100);
  assertEquals(circuit.circuit.provenance.expression, "clean_corrupted");
});

Deno.test("Edge Pruning ends with a clean-up when asked to", async () => {
  const { names } = await run(`${reverse}
model r {
  from reverse
  split embeddings
}
task inputs {
  generate reverse
  examples train 20, validation 0, test 0
}
schedule short {
  steps 10
  edge_sparsity 0 -> 90%
}
circuit cleaned { find edge_pruning in r for inputs using short keep 2 clean_up on }
circuit left { find edge_pruning in r for inputs using short keep 2 clean_up off }
`);
  const cleanUps = ["cleaned", "left"].map((name) => {
    const value = names.get(name);
    assert(value?.kind === "circuit");
    return value.circuit.provenance.options?.clean_up;
  });
  assertEquals(cleanUps, [true, false]);
});

Deno.test("circuits under different ablations say so in one table", async () => {
  const { shown } = await run(`${scored}
circuit zero { find eap_ig in toy for ioi corrupted by strangers keep 100 steps 2 ablation zero }
evaluate ig, zero by kl
compare ig, zero by kl
evaluate zero by kl
compare zero, zero by kl
`);
  const tables = shown.filter(isTable);
  assertEquals(tables.map(({ columns }) => columns.indexOf("ablation")), [1, 1, -1, -1]);
  for (const { rows } of tables.slice(0, 2)) {
    assertEquals(rows.map(([circuit, ablation]) => [circuit, ablation]), [
      ["ig", "interchange"],
      ["zero", "zero"],
    ]);
  }
});

Deno.test("a circuit is found again with other seeds and on other samples; one that no method found is not", async () => {
  const { shown } = await run(`${scored}
circuit second { find eap_ig in toy for ioi corrupted by strangers keep 100 steps 2 resample 2 }
stability of ig over 3 resamples
overlap ig, second
circuit luck { find random in toy keep 400 seed 4 }
circuit sixth { find random in toy keep 400 seed 6 }
stability of luck over 2 seeds
overlap luck, sixth
`);
  const [resamples, samples, seeds, pair] = shown.filter(isTable);
  assertEquals(resamples.columns, [
    "run",
    "edges",
    "shared with ig",
    "jaccard with ig",
    "jaccard with others",
  ]);
  assertEquals(resamples.rows.map(([run]) => run), ["resample 1", "resample 2", "resample 3"]);
  const shared = (table: Table) => table.rows[0][table.columns.indexOf("shared")];
  assertEquals(resamples.rows[1][2], shared(samples));
  assert(resamples.rows.every((row) => Number(row[2]) < 100), "eight examples drawn anew differ");
  assertStringIncludes(resamples.notes![1], ", 95% bootstrap interval 0.");
  assertStringIncludes(resamples.notes![2], "of the 100 edges of ig, ");
  assertEquals(seeds.rows.map(([run]) => run), ["seed 5", "seed 6"]);
  assertEquals(seeds.rows[1][2], shared(pair));
  assertStringIncludes(seeds.notes![0], "in any; jaccard 0.");

  // The circuit is none of its own runs.
  const own = await run(`${scored}
circuit second { find eap_ig in toy for ioi corrupted by strangers keep 100 steps 2 resample 2 }
stability of second over 2 resamples
`);
  assertEquals(own.shown.filter(isTable)[0].rows.map(([run]) => run), ["resample 1", "resample 3"]);
  await assertRejects(
    () => run(`${scored}let alias = ig\nstability of alias over 2 seeds`),
    ScriptError,
    "`eap_ig` draws nothing at random",
  );
  await assertRejects(
    () => run(`${scored}stability of top 50 of ig over 2 resamples`),
    ScriptError,
    "`top 50 of ig` was not found by a method",
  );
});
