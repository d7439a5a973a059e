/** A task's own metric, written as an expression, wherever a script may ask for it. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "node:path";
import { runScript } from "../../../dsl/interpret/script.ts";
import type { Table } from "../../../runtime/circuits/mod.ts";
import { inFolder } from "../../cli/run_circ.ts";
import { ioiScript } from "../../support/toy_scripts.ts";

const script = (metric: string) =>
  ioiScript({ train: 4, test: 4, metric }) + `
circuit ig { find eap_ig in toy for ioi corrupted by strangers keep 100 steps 2 }
evaluate ig by metric, faithfulness
`;

Deno.test("a metric of the user's own: found by, evaluated by, expected and plotted", () =>
  inFolder({}, async (cwd) => {
    const run = async (text: string) => {
      const { shown, failed, names } = await runScript(text, {
        device: "cpu",
        file: join(cwd, "x.circ"),
      });
      const circuit = names.get("ig");
      assert(circuit?.kind === "circuit");
      return { tables: shown as Table[], failed, edges: circuit.circuit.edges };
    };
    const text = "mean(logit(answers)) - max(logit(wrong))";
    const own = await run(`${script(text)}
evaluate ig by all
expect metric(ig) > 0
plot metric of ig to "own.svg"
`);
    // With one right and one wrong answer the expression is the logit difference.
    const named = await run(script("logit_difference"));
    assertEquals(own.edges, named.edges);
    const [{ columns, rows }, everything] = own.tables;
    assertEquals(columns, ["circuit", "edges", "sparsity", text, "faithfulness"]);
    rows.forEach((row, i) =>
      assertAlmostEquals(Number(row[3]), Number(named.tables[0].rows[i][3]), 1e-3)
    );
    assert(everything.columns.includes(text) && everything.columns.includes("log_area"));
    assertEquals(own.failed, []);
    assert((await Deno.readTextFile(join(cwd, "own.svg"))).includes("<svg"));

    // The full model's logits are not known from its probabilities: a pass computes them.
    const shifted = await run(script("max(logit(answers))"));
    const [full, circuit] = shifted.tables[0].rows;
    assert(Number(full[3]) !== 0 && Number(circuit[3]) !== 0);
    assertAlmostEquals(Number(circuit[4]), 1, 0.5);
  }));

Deno.test("probability_difference of a task without wrong answers is the probability of the right ones", () =>
  inFolder({}, async (cwd) => {
    const text = script("probability_difference").replace(/^ *wrong .*\n/m, "") +
      "evaluate ig by metric, accuracy\n";
    const { shown } = await runScript(text, { device: "cpu", file: join(cwd, "x.circ") });
    const sum = await runScript(
      script("sum(probability(answers))").replace(/^ *wrong .*\n/m, ""),
      { device: "cpu", file: join(cwd, "x.circ") },
    );
    const [named, same] = [shown[0], sum.shown[0]] as Table[];
    named.rows.forEach((row, i) =>
      assertAlmostEquals(Number(row[3]), Number(same.rows[i][3]), 1e-5)
    );
  }));
