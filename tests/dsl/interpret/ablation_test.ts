/**
 * Ablations: the value that an edge outside of a circuit carries.
 */
import { assert, assertAlmostEquals, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";
import { ScriptError } from "../../../dsl/interpret/error.ts";
import { ablationOf, meansOf } from "../../../runtime/circuits/mod.ts";
import { openModel } from "../../../runtime/models/mod.ts";
import { inFolder, root } from "../../cli/run_circ.ts";
import { ablationReference, loader } from "../../runtime/stream/reference_masked.ts";
import { ioiScript } from "../../support/toy_scripts.ts";
import { once, outcomeOf } from "../support/outcome.ts";

const ablations = ["interchange", "zero", "mean", "mean_by_position"];
const evaluate = ablations.map((ablation) =>
  `evaluate by_${ablation} on ioi.test by kl
kl(by_${ablation} without a0.*)
`
);
const find = ablations.map((ablation) =>
  `circuit by_${ablation} {
  find eap
  in toy
  for ioi corrupted by strangers
  keep 100
  ablation ${ablation}
}
`
);
const outcome = once(() =>
  outcomeOf(`${ioiScript({ train: 8, test: 8 })}
${find.join("")}${evaluate.join("")}
evaluate by_interchange, by_zero by kl
compare by_interchange, by_zero by kl
evaluate by_zero by kl
compare by_zero, by_zero by kl
`)
);

for (const ablation of ablations) {
  Deno.test(`a circuit is found and kept under ablation ${ablation}`, async () => {
    const { names } = await outcome();
    const circuit = names.get(`by_${ablation}`);
    assert(circuit?.kind === "circuit");
    assertEquals(ablationOf(circuit.circuit), ablation);
    assertEquals(
      circuit.circuit.provenance.options?.ablation,
      ablation === "interchange" ? undefined : ablation,
    );
  });
}

Deno.test("a part of a circuit is measured under the circuit's ablation", async () => {
  const { texts } = await outcome();
  assertEquals(new Set(texts).size, 4, `${texts}`);
});

for (const [i, query] of ["evaluate", "compare"].entries()) {
  Deno.test(`${query}: circuits under different ablations say so`, async () => {
    const { columns, rows } = (await outcome()).tables[4 + i];
    assertEquals(columns.indexOf("ablation"), 1);
    assertEquals(rows.map(([circuit, ablation]) => [circuit, ablation]), [
      ["by_interchange", "interchange"],
      ["by_zero", "zero"],
    ]);
  });

  Deno.test(`${query}: circuits under one ablation have no column for it`, async () => {
    const { columns } = (await outcome()).tables[6 + i];
    assertEquals(columns.indexOf("ablation"), -1);
  });
}

/** Pairs of a fixture: the first prompts of a split, with their tokens. */
const folder = join(root, "tests/fixtures/toy");
const model = await openModel(folder);
const fixtureModel = `model toy { from "${folder}" split embeddings }`;
const pairsOf = async (split: string, count: number) => {
  const lines = (await Deno.readTextFile(pairs(split))).split("\n").slice(0, count);
  return await Promise.all(lines.map(async (line) => {
    const { clean, corrupted } = JSON.parse(line) as { clean: string; corrupted: string };
    const [cleanTokens, corruptedTokens] = await model.tokenizer!.encodeAll([clean, corrupted]);
    return { clean, cleanTokens, corruptedTokens };
  }));
};
const pairs = (split: string) => join(folder, `indirect-object.${split}.jsonl`);
const [trained, tested] = [6, 2];
const data = (name: string, train: number, split = "train") =>
  `task ${name} { data train "${pairs(split)}", test "${pairs("test")}" metric logit_difference
  examples train ${train}, test ${tested} }
`;
const found = (ablation: string, more = "") =>
  `circuit by_${ablation} { find eap in toy for io keep 300 ablation ${ablation} ${more} }
`;

for (const ablation of ["interchange", "zero", "mean", "mean_by_position"] as const) {
  Deno.test(`${ablation} in scripts: evaluate and run equal a float64 pass, means over all of training`, async () => {
    const [train, test] = [await pairsOf("train", trained), await pairsOf("test", tested)];
    const [{ clean }] = test;
    const corrupted = JSON.parse((await Deno.readTextFile(pairs("test"))).split("\n")[0]).corrupted;
    const twin = ablation === "interchange" ? ` corrupted ${JSON.stringify(corrupted)}` : "";
    const { circuit, tables } = await outcomeOf(`${fixtureModel}
${data("io", trained)}${data("other", 3, "validation")}${found(ablation, "examples 2")}
evaluate by_${ablation} on io.test by kl
evaluate by_${ablation} on other.test by kl
run by_${ablation} on ${JSON.stringify(clean)}${twin}
`);
    const { universe, edges, provenance } = circuit(`by_${ablation}`);
    const z = new Float64Array(universe.edgeCount);
    for (const edge of edges) z[edge] = 1;
    const load = loader(model);
    const logSoftmax = (row: ArrayLike<number>) => {
      const logits = Array.from(row);
      const highest = Math.max(...logits);
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
      return logits.map((logit) => logit - highest - Math.log(total));
    };
    const kls = await Promise.all(test.map(async ({ cleanTokens, corruptedTokens }) => {
      const masked = await ablationReference(ablation, model, load, universe, {
        clean: cleanTokens,
        corrupted: corruptedTokens,
        meanOver: train.map(({ corruptedTokens }) => corruptedTokens),
      });
      const all = new Float64Array(universe.edgeCount).fill(1);
      const [full, part] = [await masked(all), await masked(z)].map((rows) =>
        logSoftmax(rows.at(-1)!)
      );
      return full.reduce((sum, log, token) => sum + Math.exp(log) * (log - part[token]), 0);
    }));
    const expected = kls.reduce((a, b) => a + b) / kls.length;
    // The other task has the same test prompts; the circuit keeps the means of its own task.
    const [own, other] = tables.slice(0, 2).map((table) => Number(table.rows[0][3]));
    assertAlmostEquals(own, expected, 1e-4);
    assertAlmostEquals(other, expected, 1e-4);
    const [note] = tables[2].notes!;
    assertAlmostEquals(Number(note.split(" ").at(-1)), kls[0], 2e-3 * kls[0]);
    const { mean_hash = "", ...means } = meansOf({ provenance });
    const isMean = ablation.startsWith("mean");
    assertEquals(means, isMean ? { mean_over: "io.train", mean_prompts: trained } : {});
    assertEquals(mean_hash.length, isMean ? 64 : 0);
  });
}

Deno.test("a circuit that is read for other training prompts says so, and joins none found with others", () =>
  inFolder({}, async (folder) => {
    const file = join(folder, "m.circuit.json");
    const script = `${fixtureModel}
${data("io", trained)}${found("mean")}save by_mean to "${file}"
`;
    const { circuit } = await outcomeOf(
      `${script}${found("zero")}let other = by_zero under mean\n`,
    );
    assertEquals(meansOf(circuit("other")), meansOf(circuit("by_mean")));
    const again = (count: number) =>
      `${fixtureModel}
${data("io", count)}circuit m { from "${file}" in toy for io }
evaluate m on io.test by kl
evaluate m on io.test by logit_difference
`;
    const told = async (count: number) =>
      (await outcomeOf(again(count))).notes.filter((note) => note.includes("other prompts"));
    assertEquals(await told(trained), []);
    const [note, ...more] = await told(4);
    assertEquals(more, []);
    assertMatch(
      note,
      /^note: the circuit was found with means over 6 of io.train \(\w{8}\), and is measured with means over 4 of io.train \(\w{8}\), /,
    );
    const { message } = await assertRejects(
      () => outcomeOf(`${again(4)}${found("mean")}let both = m | by_mean\n`),
      ScriptError,
    );
    assertMatch(
      message,
      /under `mean` of other prompts: 6 of io.train \(\w{8}\), and 4 of io.train \(\w{8}\)/,
    );
  }));

Deno.test("a mean that cannot be told is refused", async () => {
  const circuits = `${fixtureModel}
${data("io", trained)}circuit c { in toy edges { tok -> logits } }
`;
  for (
    const [line, text] of [
      [
        'run c under mean on "a b"',
        "`mean` is over the training examples of a task, and the circuit belongs to none",
      ],
      [
        "evaluate c under mean on empty.test by kl",
        "`mean` is over training examples, and `empty` has none",
      ],
      [
        `run c under mean_by_position on "${"a ".repeat(30)}"`,
        "the longest of the prompts that `mean_by_position` is over has",
      ],
    ]
  ) {
    const declared = line.includes("by_position")
      ? circuits.replace("in toy edges", "in toy for io edges")
      : circuits;
    const { message } = await assertRejects(
      () => outcomeOf(`${declared}${data("empty", 0)}${line}\n`),
      ScriptError,
    );
    assert(message.includes(text), message);
  }
});
