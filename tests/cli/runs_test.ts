/** Runs have a history, and do not meet: in one folder at one time, or under one name. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { ioiScript } from "../support/toy_scripts.ts";
import { circ, commandLine, filesBelow, inFolder } from "./run_circ.ts";

const json = async (...path: string[]) => JSON.parse(await Deno.readTextFile(join(...path)));
const folders = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name).sort();

Deno.test("each start is recorded with its results, and two of them are compared", () =>
  inFolder(
    { "a.circ": "let n = 3\nn + 1\nlet list = [1, n]\nlist\nexpect n < 5\n" },
    async (cwd) => {
      assertEquals((await circ(["run", "a.circ"], { cwd })).status, 0);
      assertEquals((await circ(["run", "a.circ", "--set", "n=7"], { cwd })).status, 1);
      const listed = await circ(["runs", "--format", "json"], { cwd });
      const [first, second] = JSON.parse(listed.out);
      assertEquals([first.run, first.outcome, first.results], ["a/1", "done", 2]);
      assertEquals([second.run, second.outcome], ["a/2", "not as expected"]);
      assertMatch(first.time, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
      assertEquals(second.command, "run a.circ --set n=7");
      assertEquals(first.script, "../a.circ");
      assertEquals(await json(cwd, "runs/a/history/1/results.json"), [
        { statement: "n + 1", text: "4" },
        { statement: "list", text: "[1, 3]" },
      ]);
      const compared = await circ(["runs", "compare", "a/1", "a", "--format", "json"], { cwd });
      const rows = JSON.parse(compared.out).map((row: object) => Object.values(row));
      assertEquals(rows, [
        ["command", "", "run a.circ", "run a.circ --set n=7"],
        ["outcome", "", "done", "not as expected"],
        ["script line", "", "let n = 3", "let n = 7"],
        ["result", "n + 1", "4", "8"],
        ["result", "list", "[1, 3]", "[1, 7]"],
      ]);
      const wrong = await circ(["runs", "compare", "a/1", "a/3"], { cwd });
      assertEquals(wrong.status, 2);
      assertStringIncludes(wrong.err, "there is no run `a/3`");
    },
  ));

Deno.test("rows of sweeps are paired by their point and circuit, and both sides have the same digits", () =>
  inFolder({}, async (cwd) => {
    type Rows = readonly Readonly<Record<string, string | number>>[];
    const start = async (number: number, script: string, of: string, rows: Rows) => {
      const folder = join(cwd, `runs/a/history/${number}`);
      await Deno.mkdir(folder, { recursive: true });
      const facts = { format: "circ.run", script: "a.circ", command: [], circuits: {} };
      const columns = Object.keys(rows[0]);
      const write = (name: string, text: string) => Deno.writeTextFile(join(folder, name), text);
      await write("run.json", JSON.stringify({ ...facts, time: "", outcome: "done" }));
      await write("results.json", JSON.stringify([{ statement: of, columns, rows }]));
      await write("script.circ", script);
    };
    const script = (list: string) =>
      `sweep n from ${list}, seed from 1..2 {\n evaluate c by kl\n}\n`;
    const by = "evaluate c by kl";
    await start(1, `${script("[20, 40]")}\n\n   \n`, by, [
      { n: 20, seed: 1, circuit: "c", edges: 20, kl: 0.5 },
      { n: 20, seed: 2, circuit: "c", edges: 20, kl: 0.25 },
      { n: 40, seed: 1, circuit: "c", edges: 40, kl: 0.123456789 },
    ]);
    await start(2, script("[40, 60]"), by, [
      { n: 40, seed: 1, circuit: "c", edges: 40, kl: 0.125 },
      { n: 20, seed: 2, circuit: "c", edges: 20, kl: 0.25 },
      { n: 60, seed: 1, circuit: "d", edges: 60, kl: 0.5 },
    ]);
    await start(3, script("[40, 60]"), "other", [{ n: 1, kl: 2 }]);
    const compare = async (a: number, b: number, form: string) =>
      (await circ(["runs", "compare", `a/${a}`, `a/${b}`, "--format", form], { cwd })).out;
    const differences = async (a: number, b: number) =>
      JSON.parse(await compare(a, b, "json")).map((row: object) => Object.values(row).slice(1));
    assertEquals(await differences(1, 2), [
      ["", "sweep n from [20, 40], seed from 1..2 {", "sweep n from [40, 60], seed from 1..2 {"],
      [`${by}: n=20, seed=1, c, edges`, 20, "no row"],
      [`${by}: n=20, seed=1, c, kl`, 0.5, "no row"],
      [`${by}: n=40, seed=1, c, kl`, 0.123456789, 0.125],
      [`${by}: n=60, seed=1, d, edges`, "no row", 60],
      [`${by}: n=60, seed=1, d, kl`, "no row", 0.5],
    ]);
    assertEquals((await differences(2, 3)).slice(-2), [[by, "3 rows", null], [
      "other",
      null,
      "1 row",
    ]]);
    const text = await compare(1, 2, "table");
    assertMatch(text, /n=20, seed=1, c, kl +0\.5 +no row\n/);
    assertMatch(text, /n=60, seed=1, d, kl +no row +0\.5\n/);
    assertMatch(text, /n=40, seed=1, c, kl +0\.123457 +0\.125\n/);
  }));

Deno.test("scripts of one name do not meet, and an earlier version's folder is left as it is", () =>
  inFolder({
    "a/x.circ": "1\n",
    "b/x.circ": "2\n",
    "old.circ": "3\n",
    "runs/old/circuits/finished.json": "{}",
    "runs/old/script.circ": "earlier",
  }, async (cwd) => {
    await circ(["run", "a/x.circ"], { cwd });
    const other = await circ(["run", "b/x.circ"], { cwd });
    assertMatch(
      other.err,
      /note: runs\/x belongs to \.\.\/a\/x\.circ; this one writes to runs\/x-/,
    );
    await circ(["run", "a/x.circ"], { cwd });
    const again = await circ(["run", "x.circ"], { cwd: join(cwd, "b") });
    assertEquals(again.out, "2\n");
    const [x, beside] = folders(join(cwd, "runs")).filter((name) => name.startsWith("x"));
    assertEquals(folders(join(cwd, "runs", x, "history")), ["1", "2"]);
    assertEquals((await json(cwd, "runs", x, "results.json"))[0].text, "1");
    assertEquals((await json(cwd, "runs", beside, "results.json"))[0].text, "2");

    const old = await circ(["run", "old.circ"], { cwd });
    assertMatch(
      old.err,
      /note: runs\/old was left by an earlier version of circ: it is runs\/old-earlier-version now/,
    );
    const left = join(cwd, "runs/old-earlier-version/script.circ");
    assertEquals(await Deno.readTextFile(left), "earlier");
  }));

Deno.test("two runs of one script at one time: each has a folder, and a circuit is found once", () =>
  inFolder({
    "a.circ": ioiScript({ train: 8, test: 4 }) + `
schedule s { steps 60 batch 4 }
circuit c { find edge_pruning in toy for ioi corrupted by strangers using s keep 40 }
evaluate c by kl
`,
  }, async (cwd) => {
    const start = () =>
      new Deno.Command(Deno.execPath(), {
        args: commandLine(["run", "a.circ", "--device", "cpu"]),
        cwd,
        stdout: "piped",
        stderr: "piped",
      }).output();
    const runs = await Promise.all([start(), start()]);
    const decoder = new TextDecoder();
    const [out, errors] = [
      runs.map(({ stdout }) => decoder.decode(stdout)),
      runs.map(({ stderr }) => decoder.decode(stderr)),
    ];
    assertEquals(runs.map(({ code }) => code), [0, 0], errors.join("\n"));
    assertEquals(out[0], out[1]);
    const both = errors.join("\n");
    assertEquals(both.match(/^c: .* 60 steps in /gm)?.length, 1, both);
    assertEquals(both.match(/^c: .*found by an earlier run$/gm)?.length, 1, both);
    assertStringIncludes(both, "another run is at work in runs/a");
    const left = folders(join(cwd, "runs")).filter((name) => name !== "store");
    assertEquals(left.length, 2);
    const read = (name: string, file: string) => Deno.readTextFile(join(cwd, "runs", name, file));
    assertEquals(await read(left[0], "results.json"), await read(left[1], "results.json"));
    assertEquals(
      await read(left[0], "circuits/c.circuit.json"),
      await read(left[1], "circuits/c.circuit.json"),
    );
    assert(left.every((name) => !folders(join(cwd, "runs", name)).includes("lock")));
  }));

Deno.test("the prompt uses and fills the same store, and a plan knows it", () =>
  inFolder({
    "a.circ": ioiScript({ train: 4, test: 4 }) + `
circuit c { find eap in toy for ioi corrupted by strangers keep 20 }
evaluate c by accuracy
`,
  }, async (cwd) => {
    const cpu = ["--device", "cpu"];
    const prompt = await circ(["repl", "a.circ", "-c", "evaluate c by kl", ...cpu], { cwd });
    assertEquals(prompt.status, 0, prompt.err);
    const plan = JSON.parse(
      (await circ(["plan", "a.circ", "--format", "json", ...cpu], { cwd })).out,
    );
    assertEquals(plan.map(({ there }: { there: boolean }) => there), [true, true]);
    const run = await circ(["run", "a.circ", ...cpu], { cwd });
    assertStringIncludes(
      run.err,
      "c: 20 of 1,620 edges (98.8% sparse), eap, found by an earlier run",
    );
    assert(!run.err.includes("device: "), run.err);
    const again = await circ(["repl", "a.circ", "-c", "evaluate c by kl", ...cpu], { cwd });
    assertEquals(again.out, prompt.out);
    assert(!again.err.includes("device: "), again.err);
    const fresh = await circ(["repl", "a.circ", "-c", "edges(c)", "--fresh", ...cpu], { cwd });
    assertStringIncludes(fresh.err, "results of earlier runs go to runs/store/aside");
    assertStringIncludes(fresh.err, "device: cpu");
  }));

Deno.test("Ctrl-C says how to go on, ends with 130, and the same command goes on", () =>
  inFolder({
    "a b.circ": ioiScript({ train: 8, test: 4 }) + `
let steps = 1000000
schedule s { steps steps batch 2 edge_sparsity 0 -> 97% over 40 steps }
circuit first { find random in toy for ioi corrupted by strangers keep 20 }
circuit c { find edge_pruning in toy for ioi corrupted by strangers using s keep 40 }
edges(first)
edges(c)
`,
  }, async (cwd) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: commandLine(["run", "a b.circ", "--device", "cpu"]),
      cwd,
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const output = child.output();
    const steps = join(cwd, "runs/a b/metrics.jsonl");
    const size = () => Deno.stat(steps).then(({ size }) => size, () => 0);
    for (let i = 0; i < 1200 && await size() === 0; i++) {
      await new Promise((go) => setTimeout(go, 50));
    }
    child.kill("SIGINT");
    const { code, stdout, stderr } = await output;
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assertEquals([code, out], [130, "20\n"], err);
    assertStringIncludes(err, "stopped: `c` is what was found so far");
    assertStringIncludes(err, "`circ run 'a b.circ' --device cpu` goes on from here");
    assertStringIncludes(err, "page: runs/a b/report.html");
    const listed = JSON.parse((await circ(["runs", "--format", "json"], { cwd })).out);
    assertEquals(listed.map(({ outcome }: { outcome: string }) => outcome), ["stopped"]);
    assert((await filesBelow(join(cwd, "runs/store/states"))).length === 1);
  }));
