/**
 * The snippets of the language's page really run, on the toy model and with small numbers.
 */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { runScript } from "../../dsl/interpret/script.ts";
import { inFolder, root, toy } from "../cli/run_circ.ts";
import { snippets } from "./support/snippets.ts";

/** Texts of the page, and smaller ones in their place that show that it runs. */
const SMALLER = [
  ["examples train 200, validation 100, test 1000", "examples train 8, validation 4, test 8"],
  ["steps         3000", "steps         4"],
  ["200 steps", "1 steps"],
  ["over 2500 steps", "over 3 steps"],
  ["over 3 seeds", "over 2 seeds"],
  ["over 10 resamples", "over 2 resamples"],
  ["from [94%, target, 98%], seed from 1..3", "from [target], seed from 1..2"],
] as const;

const row = {
  prompt: "When Aaron and Agnes went to the park, Agnes gave a ring to",
  twin: "When Aaron and Agnes went to the park, Aaron gave a ring to",
  label: " Aaron",
};

/** Leaves the circuit that a snippet reads. */
const stored = `
model toy {
  from  "models/toy"
  split embeddings
}

circuit c {
  in toy
  edges { tok -> a0.h1.q  0.5 }
}

save c to "ioi.circuit.json"
`;

Deno.test("the snippets of docs/language.md run, as one script", () =>
  inFolder({ "pairs.jsonl": JSON.stringify(row) + "\n" }, async (cwd) => {
    await Deno.mkdir(join(cwd, "models"));
    await Deno.symlink(toy, join(cwd, "models/toy"));
    await Deno.copyFile(join(root, "examples/toy/names.txt"), join(cwd, "names.txt"));
    await runScript(stored, { file: join(cwd, "stored.circ"), device: "cpu" });

    const all = snippets("docs/language.md");
    let text = all.join("\n");
    for (const [said, smaller] of SMALLER) {
      assert(text.includes(said), said);
      text = text.replaceAll(said, smaller);
    }
    const notes: string[] = [];
    const { names, shown, failed } = await runScript(text, {
      file: join(cwd, "language.circ"),
      device: "cpu",
      onNote: (note) => notes.push(note),
    });
    for (const name of ["ep", "hint", "stored", "known", "smaller", "truth_of_reverse"]) {
      assertEquals(names.get(name)?.kind, "circuit", name);
    }
    // Four steps find no good circuit: both expectations are told not to hold.
    assertEquals(failed.length, 2);
    assertEquals(shown.length, 17);
    assert(notes.some((note) => note.startsWith("c (share=96%, seed=2): ")), notes.join("\n"));
    const written = [...Deno.readDirSync(cwd)].map(({ name }) => name);
    for (const name of ["ioi.circuit.json", "into-a3.csv", "ioi.svg"]) {
      assert(written.includes(name), name);
    }
  }));
