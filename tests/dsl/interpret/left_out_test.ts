/** Names of what a table, a page or a file of metrics leaves out. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { circ, inFolder } from "../../cli/run_circ.ts";
import { reverseProgram } from "../../support/toy_scripts.ts";
import { outcomeOf } from "../support/outcome.ts";

const rows = [[1, 2, 3], [2, 3, 1], [3, 1, 2], [2, 1, 1]].map(([a, b, c]) =>
  JSON.stringify({ clean_tokens: [0, a, b, c], corrupted_tokens: [0, b, c, a], answers: [a] })
).join("\n");

const script = `${reverseProgram}
model r { from reverse }
task t { data "rows.jsonl" examples train 2, validation 0, test 2 }
circuit c { in r edges { a0.h0 -> logits embed -> a0.h0.v } }
`;

Deno.test("`by all` names the metrics that the examples and the circuits do not allow", () =>
  inFolder({ "rows.jsonl": rows }, async (folder) => {
    const { tables: [table] } = await outcomeOf(`${script}evaluate c on t.test by all\n`, {
      file: join(folder, "a.circ"),
    });
    const [wrong, scores] = table.notes!;
    assertStringIncludes(wrong, "left out, as not every example has wrong answers: ");
    for (const name of ["logit_difference", "kendall_tau"]) {
      assertStringIncludes(wrong, name);
      assert(!table.columns.includes(name));
    }
    assertStringIncludes(scores, "left out, as no circuit has scores that rank its edges: ");
    for (const name of ["cpr", "cmd", "log_area"]) assertStringIncludes(scores, name);
  }));

Deno.test("a line of metrics gives the objective by its own name", () =>
  inFolder({
    "s.circ": `${reverseProgram}
model r { from reverse }
task t { generate reverse metric logit_difference examples train 4, validation 0, test 2 }
schedule s { steps 3 batch 2 edge_sparsity 0 -> 50% }
circuit c { find edge_pruning in r for t using s objective metric }
circuit d { find edge_pruning in r for t using s }
evaluate c, d on t.test by kl
`,
  }, async (cwd) => {
    const { status, err } = await circ(["run", "s.circ"], { cwd });
    assertEquals(status, 0, err);
    const text = await Deno.readTextFile(join(cwd, "runs/s/metrics.jsonl"));
    const lines = text.trim().split("\n").map((line) => JSON.parse(line));
    const of = (name: string) => lines.find(({ circuit }) => circuit === name);
    assertEquals([of("c").objective, typeof of("c").logit_difference], [
      "logit_difference",
      "number",
    ]);
    assertEquals(of("c").kl, undefined);
    // More is better, so that the loss is the negative.
    assertEquals(of("c").loss, -of("c").logit_difference);
    assertEquals([of("d").objective, of("d").kl], ["kl", of("d").loss]);
  }));
