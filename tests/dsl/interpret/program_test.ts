/**
 * Programs in scripts: their functions, and the models that they become.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { reverseProgram as reverse } from "../../support/toy_scripts.ts";
import { once, outcomeOf } from "../support/outcome.ts";

const outcome = once(() =>
  outcomeOf(`${reverse}
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
expect edges(truth) = 7
expect edges(apart) = 2
expect kl(truth) < 1e-5
expect kl(apart) < 1e-5
expect kl(truth without tok) > 0.1
expect edges(cut - truth) = 0
expect edges(truth - cut) = 0
`)
);

const holds = [
  ["the known circuit under ablation zero has its size", "edges(truth) = 7"],
  ["the known circuit under interchange has its size", "edges(apart) = 2"],
  ["the known circuit under ablation zero answers as the model", "kl(truth) < "],
  ["the known circuit under interchange answers as the model", "kl(apart) < "],
  ["a part of the known circuit does not answer as the model", "kl(truth without tok) > "],
  ["a method finds no edge outside of the known circuit", "edges(cut - truth) = 0"],
  ["a method finds every edge of the known circuit", "edges(truth - cut) = 0"],
];
for (const [name, condition] of holds) {
  Deno.test(name, async () => {
    const { notes } = await outcome();
    assert(notes.some((note) => note.startsWith(`as expected: ${condition}`)), notes.join("\n"));
  });
}

Deno.test("all that is expected of a known circuit holds", async () =>
  assertEquals((await outcome()).failed, []));

Deno.test("a model that comes from a program keeps the compiled program", async () => {
  const model = (await outcome()).names.get("r");
  assert(model?.kind === "model" && model.plan !== undefined);
});

Deno.test("the files of a model that comes from a program are temporary", async () => {
  const model = (await outcome()).names.get("r");
  assert(model?.kind === "model");
  await assertRejects(() => Deno.stat(model.model.folder), Deno.errors.NotFound);
});

const counted: [convention: string, edges: string[]][] = [
  ["join embeddings\n  join qkv", [
    "embed -> a0.h0",
    "embed -> m0",
    "a0.h0 -> m0",
    "embed -> a1.h0",
    "m0 -> a1.h0",
    "a1.h0 -> logits",
  ]],
  ["keep embeddings", [
    "a0.h0 -> m0",
    "m0 -> a1.h0.q",
    "a1.h0 -> logits",
  ]],
];
for (const [convention, edges] of counted) {
  const name = convention.replace(/\n */, ", ");
  Deno.test(`the known circuit is counted as the model's universe counts: ${name}`, async () => {
    const { tables: [{ rows }] } = await outcomeOf(`${reverse}
model r {
  from reverse
  ${convention}
}
circuit truth { find ground_truth in r ablation zero }
edges of truth
`);
    assertEquals(rows.map(([from, to]) => `${from} -> ${to}`), edges);
  });
}

/** Outputs of a program on 2 -1 and on 2 2, the third and fourth input of length 2. */
const functions: [output: string, values: [string, string]][] = [
  ["abs(tokens) + indices", ["1 3", "2 2"]],
  ["min(tokens, two - 1, 5)", ["-1 1", "1 -1"]],
  ["round(tokens / 4)", ["0 1", "1 0"]],
  ["not (tokens == 2) or false", ["1 0", "0 1"]],
  ["count(before and select(tokens, -1, ==)) - tokens", ["1 -1", "-2 1"]],
  ["aggregate(before, tokens, -3)", ["-3 -1", "-3 2"]],
  ["if(tokens > 0, indices, tokens)", ["-1 1", "0 -1"]],
  ["mod(tokens - indices, 3)", ["2 1", "2 1"]],
  ["length - indices - tokens", ["3 -1", "0 2"]],
  ["count(not before) * 10 + count(before or select(tokens, 2, ==))", ["21 12", "21 11"]],
];
for (const [output, values] of functions) {
  Deno.test(`a program's output: ${output}`, async () => {
    const { names } = await outcomeOf(`
let two = 2
program p {
  over   [-1, 2] length 2
  let    before = select(indices, indices, <)
  output ${output}
}
`);
    const program = names.get("p");
    assert(program?.kind === "program");
    const { outputs, domain, tokens } = program.plan;
    const shown = [3, 4].map((input) =>
      [...outputs.subarray(domain.offsets[input], domain.offsets[input + 1])]
        .map((token) => tokens[token]).join(" ")
    );
    assertEquals(shown, values);
  });
}

Deno.test("Edge Pruning ends with a clean-up when asked to", async () => {
  const { circuit } = await outcomeOf(`${reverse}
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
  assertEquals(
    ["cleaned", "left"].map((name) => circuit(name).provenance.options?.clean_up),
    [true, false],
  );
});
