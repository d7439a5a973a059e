/**
 * A circuit is measured under the same ablation after it was derived, saved and read: the expected value is that of the circuit in
 * the script, and the edges, read as they stand in an edge list, are measured under interchange otherwise.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { checkText } from "../../../dsl/check/files.ts";
import { ScriptError } from "../../../dsl/interpret/error.ts";
import { runScript } from "../../../dsl/interpret/script.ts";
import { inFolder } from "../../cli/run_circ.ts";
import { ioiScript } from "../../support/toy_scripts.ts";
import { outcomeOf } from "../support/outcome.ts";

const ablations = ["interchange", "zero", "mean", "mean_by_position"];
const find = (ablation: string) =>
  `circuit by_${ablation} { find eap in toy for ioi corrupted by strangers keep 100 ablation ${ablation} }\n`;
// With one embedding the edges of EAP-IG's graph are the circuit's.
const task = ioiScript({ train: 8, test: 8 }).replace("split embeddings", "join embeddings");
const head = task + ablations.map(find).join("");

Deno.test("KL in the script is KL after saving and reading, for each ablation and form that is read", () =>
  inFolder({}, async (folder) => {
    const lines = ablations.flatMap((ablation) => {
      const name = `part_${ablation}`;
      const read = (ending: string, i: number) => {
        const file = join(folder, `${name}${ending}`);
        const back = `back${i}_${ablation}`;
        return `save ${name} to "${file}"
circuit ${back} { from "${file}" in toy for ioi corrupted by strangers }
`;
      };
      return [
        `let ${name} = top 40 of by_${ablation} without a0.*\n`,
        ...[".circuit.json", ".circuit.txt", ".dot", ".edges.json", ".eap.json"].map(read),
        `kl(${name})\n`,
        ...[0, 1, 2, 3, 4].map((i) => `kl(back${i}_${ablation})\n`),
        ...[3, 4].map((i) => `kl(back${i}_${ablation} under ${ablation})\n`),
      ];
    });
    const { texts, notes } = await outcomeOf(head + lines.join(""));
    const values = ablations.map((_, i) => texts.slice(8 * i, 8 * i + 8).map(Number));
    for (const [i, [own, ...read]] of values.entries()) {
      const [json, text, dot, list, eap, listUnder, eapUnder] = read;
      assertEquals([json, text, dot, listUnder, eapUnder], Array(5).fill(own), ablations[i]);
      const told = notes.filter((note) => note.includes(`the ablation \`${ablations[i]}\``));
      assertEquals(told.length, i === 0 ? 0 : 2, `${told}`);
      if (i > 0) assert(list !== own && eap === list, "without its ablation it is another circuit");
    }
    assertEquals(new Set(values.map(([own]) => own)).size, ablations.length);
  }));

Deno.test("an operation on circuits of two ablations needs one to be named, in either order", async () => {
  const both = (left: string, right: string, rest = "") =>
    `${head}let u = (${left} | ${right})${rest}\nkl(u)\n`;
  for (const [left, right] of [["by_zero", "by_mean"], ["by_mean", "by_zero"]]) {
    const { diagnostics } = checkText(both(left, right), "s.circ");
    const [one, other] = [left, right].map((name) => name.slice(3));
    assertEquals(diagnostics.map(({ message, help }) => [message, help]), [[
      `\`${left}\` is measured under \`${one}\` and \`${right}\` under \`${other}\`, and a circuit has one ablation`,
      `say which: \`(${left} | ${right}) under ${one}\``,
    ]]);
  }
  const { texts } = await outcomeOf(
    [
      head,
      "kl((by_zero | by_mean) under zero)",
      "kl(by_mean | by_zero under zero)",
      "kl((by_zero | by_mean) under mean)",
      "kl((by_mean under zero) | by_zero)",
      "kl(complement of (complement of by_mean - by_zero) under zero)",
      "",
    ].join("\n"),
  );
  assertEquals([texts[1], texts[3], texts[4]], [texts[0], texts[0], texts[0]]);
  assert(texts[2] !== texts[0]);
});

Deno.test("circuits of files are refused when they are read, before anything is searched for", () =>
  inFolder({}, async (folder) => {
    const file = join(folder, "z.dot");
    await runScript(`${head}save by_zero to "${file}"\n`, { device: "cpu" });
    const found: string[] = [];
    const error = await assertRejects(() =>
      runScript(
        `${task}
circuit z { from "${file}" in toy }
${find("mean")}let u = z & by_mean
`,
        { device: "cpu", onNote: (note) => void found.push(note) },
      ), ScriptError);
    assertStringIncludes(error.message, "`z` is measured under `zero` and `by_mean` under `mean`");
    assertEquals(found, []);
  }));

Deno.test("`under` takes an ablation", () => {
  const { diagnostics } = checkText(`${head}let u = by_zero under zeros\n`, "s.circ");
  assertEquals(diagnostics.map(({ message, help }) => [message, help]), [
    ["unknown ablation `zeros`", "did you mean `zero`?"],
  ]);
});

Deno.test("tables say the ablation of their circuits, and forms of tables name the notes that they lack", () =>
  inFolder({}, async (folder) => {
    const endings = [".txt", ".md", ".csv", ".json"];
    const save = (query: string, name: string) =>
      endings.map((ending) => `save ${query} to "${join(folder, name + ending)}"\n`).join("");
    const { notes, tables } = await outcomeOf(
      `${head}${save("edges of by_zero limit 3", "e")}${save("evaluate by_zero by kl", "v")}` +
        "compare by_zero, by_zero by kl\nevaluate by_zero, by_mean by kl\nedges of by_interchange\n",
    );
    for (
      const [name, note] of [["e", "of a circuit under `zero`"], ["v", "measured under `zero`"]]
    ) {
      for (const ending of endings) {
        const file = join(folder, name + ending);
        const isWritten = (await Deno.readTextFile(file)).includes(note);
        const isTold = notes.includes(`note: ${file}: this note is not written: ${note}`);
        assertEquals([isWritten, isTold], ending < ".m" ? [false, true] : [true, false], file);
      }
    }
    assertEquals(tables[0].notes?.[0], "measured under `zero`");
    assertEquals(tables[1].columns[1], "ablation");
    assertEquals(tables.slice(1).map(({ notes }) => notes), [undefined, undefined]);
  }));
