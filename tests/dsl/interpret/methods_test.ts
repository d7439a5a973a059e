/**
 * Fields that the language accepts for a method reach it: all fields of all methods, and of their schedules.
 */
import { assert, assertEquals } from "@std/assert";
import { runScript } from "../../../dsl/interpret/script.ts";
import { methods } from "../../../runtime/discovery/mod.ts";
import { ioiScript } from "../../support/toy_scripts.ts";

/** A line for each field. */
const lines: Readonly<Record<string, string>> = {
  keep: "keep 12",
  select: "select greedy",
  rank: "rank signed",
  within: "within hint",
  objective: "objective metric",
  ablation: "ablation zero",
  examples: "examples 4",
  resample: "resample 2",
  batch: "batch 2",
  seed: "seed 3",
  start: "start from hint",
  steps: "steps 2",
  samples: "samples 2",
  integrate: "integrate activations",
  threshold: "threshold 0.5",
  clean_up: "clean_up on",
};
const ofSchedule: Readonly<Record<string, string>> = {
  steps: "steps 4",
  warm_up: "warm_up 1 steps",
  edge_sparsity: "edge_sparsity [0 at 0, 90% at 2, 99% at 4]",
  node_sparsity: "node_sparsity 0 -> 20% over 3 steps by cosine",
  learning_rate: "learning_rate masks 0.2, multipliers 0.3",
  batch: "batch 3",
  temperature: "temperature 0.3",
};
const preamble = ioiScript({ train: 6, test: 4 }) + `
circuit hint { find eap_ig in toy for ioi corrupted by strangers keep 40 steps 2 }
`;

for (const method of Object.values(methods)) {
  if (method.needs === "program") continue;
  const { name: word } = method;
  const fields: readonly string[] = method.circuitWords;
  const schedule: readonly string[] = method.scheduleWords;
  Deno.test(`${word} takes all that the language lets it`, async () => {
    // A threshold stands for a number of edges: one of them is left out.
    const without = fields.includes("threshold") ? ["threshold", "keep"] : ["using"];
    const variants = fields.includes("clean_up")
      ? ["on", "off"].map((cleanUp) => ({ cleanUp, left: "using" }))
      : without.map((left) => ({ cleanUp: undefined, left }));
    for (const { cleanUp, left } of variants) {
      const text = `${preamble}
${
        schedule.length === 0
          ? ""
          : `schedule short { ${schedule.map((field) => ofSchedule[field]).join("\n  ")} }`
      }
circuit c {
  find ${word}
  in toy
  for ioi corrupted by strangers
  ${
        fields.filter((field) => field !== "using" && field !== left).map((field) =>
          field === "clean_up" ? `clean_up ${cleanUp}` : lines[field]
        ).join("\n  ")
      }
  ${fields.includes("using") ? "using short" : ""}
}
expect edges(c) <= 12 and edges(c - hint under zero) = 0
edges(c)
`;
      const { names, failed } = await runScript(text, { device: "cpu" });
      assertEquals(failed, [], `${word}, clean_up ${cleanUp}`);
      const found = names.get("c");
      assert(found?.kind === "circuit");
      const { options } = found.circuit.provenance;
      assertEquals(options?.ablation, fields.includes("ablation") ? "zero" : undefined);
      if (fields.includes("objective")) assertEquals(options?.objective, "metric");
    }
  });
}

Deno.test("every field of a method is tried above, and methods have the names of their table", () => {
  for (const [name, method] of Object.entries(methods)) {
    assertEquals(method.name, name);
    for (const field of method.circuitWords) assert(field === "using" || field in lines, field);
    for (const field of method.scheduleWords) assert(field in ofSchedule, field);
  }
});

Deno.test("`keep` beside a schedule that ends elsewhere is said before the search, with both numbers", async () => {
  const notes: string[] = [];
  const text = `${preamble}
schedule half { steps 2 edge_sparsity 0 -> 50% }
circuit c { find soft_top_k in toy for ioi corrupted by strangers using half keep 20 }
circuit d { find soft_top_k in toy for ioi corrupted by strangers using half }
expect edges(c) = 20
`;
  const { failed } = await runScript(text, { device: "cpu", onNote: (note) => notes.push(note) });
  assertEquals(failed, []);
  assertEquals(notes.filter((note) => note.includes("`keep`")), [
    "c: `keep` says 20 edges and `edge_sparsity` 810: masks are trained towards 20",
  ]);
});
