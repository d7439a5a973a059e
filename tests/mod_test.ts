/** The library's face: what the README says works from `mod.ts` alone, without a script. */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import * as circ from "../mod.ts";
import { passesOf } from "../runtime/discovery/passes.ts";
import { smallScript } from "./support/toy_scripts.ts";

const reverse: circ.RaspProgram = {
  name: "reverse",
  vocabulary: [1, 2, 3],
  length: 3,
  mask: "full",
  lets: [],
  output: {
    kind: "aggregate",
    selector: {
      kind: "select",
      keys: { kind: "indices" },
      queries: {
        kind: "binary",
        operator: "-",
        left: {
          kind: "binary",
          operator: "-",
          left: {
            kind: "count",
            selector: {
              kind: "select",
              keys: { kind: "tokens" },
              queries: { kind: "tokens" },
              predicate: "always",
            },
          },
          right: { kind: "constant", value: 1 },
        },
        right: { kind: "indices" },
      },
      predicate: "==",
    },
    value: { kind: "tokens" },
  },
};

Deno.test("mod.ts: a program is compiled, its circuit found, compared with the known one, measured and drawn", async () => {
  const folder = await Deno.makeTempDir();
  const compiled = circ.compileProgram(reverse);
  await circ.saveProgram(compiled, `${folder}/reverse`);
  const model = await circ.openModel(`${folder}/reverse`);
  const engine = await circ.openEngine({ device: "cpu" });
  try {
    const masked = await circ.openMasked(engine, model, {
      convention: { embeddings: "split", qkv: "split" },
    });
    const task = circ.taskFromProgram(compiled, {
      name: "inputs",
      metric: "kl",
      examples: { train: 24, validation: 0, test: 12 },
      seed: 1,
    });
    const train = await masked.prepare(task.examples.train);
    const test = await masked.prepare(task.examples.test);
    const input = { masked, train, task: task.name, corruption: task.corruption };
    const options = { threshold: 0.01 };
    const { circuit, cost } = await circ.discover("acdc", input, options);
    const said = passesOf("acdc", { objective: "kl", ...options }, {
      examples: 24,
      universe: masked.universe,
    });
    assert(cost.forward <= said.forward, `${cost.forward} of ${said.forward}`);

    const { known, agree } = circ.truthOf(compiled, "interchange");
    assert(agree);
    const truth = circ.makeCircuit(
      masked.universe,
      known.map((edge) => circ.parseEdge(masked.universe, edge)),
      null,
      { expression: "known" },
    );
    assertEquals([...circuit.edges], [...truth.edges]);
    assertEquals(circ.compareWithTruth(circuit, truth).area, 1);

    const own = circ.expressionMetric({
      kind: "binary",
      operator: "-",
      left: { kind: "over", reduce: "min", value: "log_probability", set: "answers" },
      right: { kind: "over", reduce: "max", value: "log_probability", set: "wrong" },
    });
    const measured = await circ.measureCircuit(
      masked,
      circuit,
      test,
      ["kl", own, "faithfulness"],
      own,
    );
    assertAlmostEquals(measured.kl, 0, 1e-4);
    assert(measured[own.name] > 5);
    assertAlmostEquals(measured.faithfulness, 1, 1e-3);

    const random = await circ.discover("random", input, { keep: circuit.edges.length, seed: 3 });
    const table = await circ.compareCircuits(masked, test, [
      { name: "acdc", circuit, cost },
      { name: "random", circuit: random.circuit },
    ], ["kl"]);
    assertEquals(table.rows.map(([name]) => name), [
      "acdc",
      "random",
      "full model",
      "corrupted run",
    ]);
    assertStringIncludes(
      await circ.overlapToSvg([{ name: "acdc", circuit }, {
        name: "random",
        circuit: random.circuit,
      }]),
      "<svg",
    );
    assertStringIncludes(await circ.circuitToSvg(circuit), "<svg");
  } finally {
    await engine.close();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("mod.ts: a script is planned", async () => {
  const steps = await circ.planScript(circ.checkText(smallScript, "r.circ"), {
    device: "cpu",
    runs: "runs/none",
  });
  assertEquals(steps.map(({ what, by, forward, backward }) => [what, by, forward, backward]), [
    ["c", "eap_ig", 8, 20],
    ["evaluate", "c", 6, 0],
  ]);
});
