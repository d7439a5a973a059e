/**
 * Commands that compute nothing, through the real command.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname, join } from "node:path";
import { ioiScript } from "../support/toy_scripts.ts";
import { circ, inFolder, root, toy } from "./run_circ.ts";

const demo = join(root, "examples/demo.circ");

Deno.test("check: silent when all is well, JSON for programs", () =>
  inFolder({ "bad.circ": "edges of nothing\n" }, async (cwd) => {
    assertEquals(await circ(["check", demo], { cwd }), { status: 0, out: "", err: "" });
    const { status, out } = await circ(["check", "bad.circ", "--format", "json"], { cwd });
    assertEquals(status, 2);
    const [diagnostic] = JSON.parse(out);
    assertEquals(
      [diagnostic.file, diagnostic.severity, diagnostic.start, diagnostic.end],
      ["bad.circ", "error", { line: 1, column: 10 }, { line: 1, column: 17 }],
    );
  }));

Deno.test("fmt: one form, from a file or a pipe; --check tells, a broken file stays", () =>
  inFolder({ "a.circ": "let  a=1\n", "bad.circ": "model m {\n" }, async (cwd) => {
    assertEquals((await circ(["fmt", "a.circ", "--check"], { cwd })).status, 1);
    assertEquals((await circ(["fmt", "-"], { cwd, input: "let  a=1\n" })).out, "let a = 1\n");
    assertEquals((await circ(["fmt", "a.circ"], { cwd })).status, 0);
    assertEquals(await Deno.readTextFile(join(cwd, "a.circ")), "let a = 1\n");
    assertEquals((await circ(["fmt", "a.circ", "--check"], { cwd })).status, 0);
    assertEquals((await circ(["fmt", "bad.circ"], { cwd })).status, 2);
    assertEquals(await Deno.readTextFile(join(cwd, "bad.circ")), "model m {\n");
  }));

Deno.test("plan: what would be computed, as a table and as JSON, and nothing is", () =>
  inFolder({}, async (cwd) => {
    const { status, out } = await circ(["plan", demo, "--format", "json"], { cwd });
    assertEquals(status, 0);
    const [find, evaluation] = JSON.parse(out);
    assertEquals([find.what, find.by, find.edges, find.examples], [
      "found",
      "edge_pruning",
      1620,
      200,
    ]);
    assert(find.backward > 0 && find.memory > 1e6);
    assertEquals([evaluation.what, evaluation.by, evaluation.backward], ["evaluate", "found", 0]);
    const dry = await circ(["run", demo, "--dry-run"], { cwd });
    assertStringIncludes(dry.out, "edge_pruning");
    assertEquals([...Deno.readDirSync(cwd)], []);
  }));

Deno.test("plan: every point of a sweep, the device, and which results an earlier run left", () =>
  inFolder({}, async (cwd) => {
    const text = (await Deno.readTextFile(demo)).replaceAll(
      /from( +)(lines\()?"/g,
      (_, gap, call = "") => `from${gap}${call}"${dirname(demo)}/`,
    );
    const head = text.slice(0, text.indexOf("circuit found"));
    const swept = `sweep share from [2%, 4%] {
  circuit c {
    find random
    in   toy
    for  indirect_object corrupted by strangers
    keep share
  }

  evaluate c by kl
}
`;
    await Deno.writeTextFile(`${cwd}/a.circ`, head.replace(/schedule[^]*/, "") + swept);
    const plan = async () =>
      JSON.parse(
        (await circ(["plan", "a.circ", "--device", "cpu", "--format", "json"], { cwd })).out,
      )
        .map(({ what, device, there }: Record<string, unknown>) => [what, device, there]);
    const expected = (there: boolean) =>
      ["2%", "4%"].flatMap((share) => [
        [`c (share=${share})`, "cpu", there],
        [`evaluate (share=${share})`, "cpu", there],
      ]);
    assertEquals(await plan(), expected(false));
    const { status, err } = await circ(["run", "a.circ", "--device", "cpu"], { cwd });
    assertEquals(status, 0, err);
    assertEquals(await plan(), expected(true));
    assertStringIncludes((await circ(["plan", "a.circ"], { cwd })).out, "c (share=4%)");
  }));

Deno.test("plan: imports, circuits that start from others, and everything that measures", () =>
  inFolder({}, async (cwd) => {
    const text = (await Deno.readTextFile(demo)).replaceAll(
      /from( +)(lines\()?"/g,
      (_, gap, call = "") => `from${gap}${call}"${dirname(demo)}/`,
    );
    const head = text.slice(0, text.indexOf("circuit found")).replace(/schedule[^]*/, "");
    const about = "in toy for indirect_object corrupted by strangers";
    await Deno.writeTextFile(
      `${cwd}/base.circ`,
      `${head}
circuit hint { find eap ${about} keep 20% }
`,
    );
    await Deno.writeTextFile(
      `${cwd}/a.circ`,
      `import "base.circ"

schedule short { steps 10 }
circuit ep { find edge_pruning ${about} using short within hint start from hint keep 60 }
let small = top 10 of ep
compare ep, small on indirect_object.validation by faithfulness
plot kl of ep to "kl.svg"
plot overlap of ep, small to "overlap.svg"
save ep to "ep.circuit.json"
sweep n from [10, 20] {
  sweep m from [n, n + 1] { expect kl(top m of ep) < 1 }
}
`,
    );
    const { status, out, err } = await circ(["plan", "a.circ", "--format", "json"], { cwd });
    assertEquals(status, 0, err);
    const steps: { what: string; by: string; backward: number; bound: string }[] = JSON.parse(out);
    assertEquals(
      steps.map(({ what, by }) => `${what} by ${by}`),
      [
        "hint by eap",
        "ep by edge_pruning",
        "compare by ep, small",
        "plot by ep",
        "expect (n=10, m=10) by kl(top m of ep) < 1",
        "expect (n=10, m=11) by kl(top m of ep) < 1",
        "expect (n=20, m=20) by kl(top m of ep) < 1",
        "expect (n=20, m=21) by kl(top m of ep) < 1",
      ],
    );
    // 10 steps of 32 examples, and 3 points in 6 rounds of halving 60 edges, on 32 examples.
    assertEquals(steps[1].backward, 10 * 32 + 3 * 6 * 32);
    assertEquals([...Deno.readDirSync(cwd)].map(({ name }) => name).sort(), [
      "a.circ",
      "base.circ",
    ]);
  }));

Deno.test("--set replaces a let, and the run keeps the script as it ran", () =>
  inFolder({ "a.circ": `let n = 1\nlet word = "x"\nn + 1\nword\n` }, async (cwd) => {
    const { out } = await circ(["run", "a.circ", "--set", "n=41", "-s", "word=y z"], { cwd });
    assertEquals(out, "42\ny z\n");
  }));

Deno.test("an expectation that does not hold is told, the script goes on, and the status is 1", () =>
  inFolder({ "a.circ": "let n = 1\nexpect n > 2\nn\n" }, async (cwd) => {
    const { status, out, err } = await circ(["run", "a.circ"], { cwd });
    assertEquals({ status, out }, { status: 1, out: "1\n" });
    assertMatch(err, /a\.circ:2: not as expected: n > 2; n is 1/);
  }));

Deno.test("explain, model show, task show, completions, help and version answer", () =>
  inFolder({}, async (cwd) => {
    const says = async (args: string[], wanted: RegExp) => {
      const { status, out, err } = await circ(args, { cwd });
      assertEquals(status, 0, err);
      assertMatch(out, wanted);
    };
    await says(["explain", "edge_pruning"], /edge_pruning: a method/);
    await says(["model", "show", toy], /split embeddings +\d+ +\d+ +1620\n/);
    await says(
      ["task", "show", demo, "-n", "1"],
      /indirect_object corrupted by strangers[^]*clean[^]*corrupted/,
    );
    // Its circuits are not found, nor what is made of them.
    await Deno.writeTextFile(
      join(cwd, "lets.circ"),
      `program p { over 1..3 length 3 output count(select(tokens, tokens, ==)) }
model m { from p }
let train = 5
task t { generate p examples train train, validation 0, test 5 }
circuit c { find random in m for t keep 3 }
let small = c without a0.h0
edges(small)
`,
    );
    await says(["task", "show", "lets.circ", "-n", "1"], /t corrupted by other_input[^]*clean/);
    await says(["devices"], /^device +about\n[^]*auto +A GPU[^]*cuda +An NVIDIA GPU/);
    await says(["explain", "webgpu"], /webgpu: a device/);
    await says(["completions", "bash"], /complete .*_circ circ/);
    await says(["--help"], /run[^]*check[^]*completions/);
    await says(["run", "--help"], /--device/);
    await says(["--version"], /^\d+\.\d+\.\d+\n$/);
  }));

Deno.test("a circuit that was found is taken from the earlier run, and drawn", () =>
  inFolder({
    "a.circ": ioiScript({ train: 4, test: 0 }) + `
circuit found { find random in toy for ioi corrupted by strangers keep 20 seed 1 }
edges(found)
`,
  }, async (cwd) => {
    const first = await circ(["run", "a.circ", "--device", "cpu"], { cwd });
    assertEquals({ status: first.status, out: first.out }, { status: 0, out: "20\n" }, first.err);
    assert(!first.err.includes("earlier run"));
    const again = await circ(["run", "a.circ", "--device", "cpu"], { cwd });
    assertStringIncludes(again.err, "found by an earlier run");
    assertEquals(again.out, "20\n");
    const file = "runs/a/circuits/found.circuit.json";
    assertMatch((await circ(["graph", file], { cwd })).out, /^(strict )?digraph/m);
    assertMatch((await circ(["graph", file, "--format", "svg"], { cwd })).out, /^<svg/);
    assertStringIncludes(await Deno.readTextFile(join(cwd, "runs/a/script.circ")), "keep 20");
  }));

Deno.test("earlier runs are looked for by their examples: a data file that changed is another search", () => {
  const pair = (thing: string) =>
    JSON.stringify({
      clean: `When Hugo and Thea went to the mill, Thea gave a ${thing} to`,
      corrupted: `When Hugo and Thea went to the mill, Hugo gave a ${thing} to`,
      answer: " Hugo",
    }) + "\n";
  const script = `model toy { from "${toy}" }
task mine { data "pairs.jsonl" }
circuit c { find eap_ig in toy for mine keep 20 steps 1 }
`;
  return inFolder({ "a.circ": script, "pairs.jsonl": pair("map") }, async (cwd) => {
    const run = async () => (await circ(["run", "a.circ", "--device", "cpu"], { cwd })).err;
    assert(!(await run()).includes("found by an earlier run"));
    assertStringIncludes(await run(), "found by an earlier run");
    await Deno.writeTextFile(join(cwd, "pairs.jsonl"), pair("book"));
    assert(!(await run()).includes("found by an earlier run"));
  });
});
