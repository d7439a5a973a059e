/**
 * Names are no keys: what is declared once for each point of a sweep, or again at the prompt, is another thing. Expected
 * values are those of scripts in which each name is declared once.
 */
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "node:path";
import { checkFile, checkText } from "../../../dsl/check/files.ts";
import { planScript } from "../../../dsl/interpret/plan/plan.ts";
import { runScript } from "../../../dsl/interpret/script.ts";
import { openCircuit, type Table } from "../../../runtime/circuits/mod.ts";
import { circ, inFolder } from "../../cli/run_circ.ts";
import { atPrompt } from "../../support/prompt.ts";
import { ioiScript, toyModel } from "../../support/toy_scripts.ts";

const task = (train: number | string, thing: string, answer: string, wrong: string) =>
  `task names {
  vary A, B, C from ["Aaron", "Agnes", "Albert", "Alma", "Amos", "Basil"]
  prompt "When {A} and {B} went to the park, {B} gave a ${thing} to"
  answer " ${answer}"
  wrong " ${wrong}"
  examples train ${train}, validation 0, test 6
  seed ${train}
}
`;
const corruption = (thing: string, redrawn = "A, B, C") =>
  `corruption others of names {
  redraw ${redrawn}
  prompt "When {A} and {B} went to the park, {C} gave a ${thing} to"
}
`;
const find = (name: string) =>
  `circuit ${name} { find eap in toy for names corrupted by others keep 40 }\n`;
const model = `${toyModel}\n`;

const ringTask = task(6, "ring", "{A}", "{B}");
const ring = ringTask + corruption("ring");
const book = task(6, "book", "{B}", "{A}") + corruption("book");

async function tables(text: string): Promise<Table[]> {
  const { shown } = await runScript(text, { device: "cpu" });
  return shown.filter((each): each is Table => typeof each !== "string");
}
const rows = (found: readonly Table[]) => found.map((table) => table.rows);

Deno.test("every point of a sweep has the examples that it declares", async () => {
  const inner = (n: string) =>
    `${task(n, "ring", "{A}", "{B}")}${corruption("ring")}${find("c")}evaluate c by kl, metric\n`;
  const swept = await tables(`${model}sweep n from [3, 5] {\n${inner("n")}}`);
  const three = await tables(`${model}let n = 3\n${inner("n")}`);
  const five = await tables(`${model}let n = 5\n${inner("n")}`);
  const [{ columns, rows: points }] = swept;
  assertEquals(columns[0], "n");
  assertEquals(points.map((row) => row.slice(1)), [...three, ...five].flatMap(({ rows }) => rows));
  assertNotEquals(rows(three), rows(five));
});

Deno.test("a plan prepares no examples for a search that does not run the model", async () => {
  const script = `${ioiScript({ train: 16, test: 4 })}
circuit c { find random in toy for ioi corrupted by strangers keep 20 }
circuit d { find eap in toy for ioi corrupted by strangers keep 20 }
evaluate c, d by accuracy
`;
  const { checked } = checkText(script, "a.circ");
  const steps = await planScript({ checked }, { device: "cpu", runs: "no-such-folder" });
  // The clean and corrupted runs of 16 examples, and a backward pass of each.
  const passes = (name: string) =>
    steps.filter(({ what }) => what === name).map(({ forward, backward }) => [forward, backward]);
  assertEquals([passes("c"), passes("d")], [[[0, 0]], [[32, 16]]]);
});

Deno.test("a plan counts the examples of every point, and prepares each of them", async () => {
  const script = (head: string, tail: string) =>
    `${model}${head}${task("n", "ring", "{A}", "{B}")}${corruption("ring")}${
      find("c")
    }evaluate c by kl\n${tail}`;
  const plan = async (text: string) => {
    const { checked, ok } = checkText(text, "s.circ");
    assert(ok);
    const steps = await planScript({ checked }, { device: "cpu", runs: "no-such-folder" });
    return steps.map(({ examples, forward, backward }) => [examples, forward, backward]);
  };
  const both = await plan(script("sweep n from [3, 5] {\n", "}"));
  assertEquals(both, [
    ...await plan(script("let n = 3\n", "")),
    ...await plan(script("let n = 5\n", "")),
  ]);
});

Deno.test("at the prompt a task that is declared again is used as it now stands", () =>
  atPrompt(async ({ repl, tables: ask, problems }) => {
    await repl.execute(model + ring + find("c"));
    const before = await ask("evaluate c by kl, metric");
    assertEquals(
      rows(before),
      rows(await tables(model + ring + find("c") + "evaluate c by kl, metric")),
    );

    await repl.execute(book + find("d"));
    const fresh = model + book + find("d");
    assertEquals(
      rows(await ask("evaluate d by kl, metric")),
      rows(await tables(`${fresh}evaluate d by kl, metric`)),
    );
    const stability = "stability of d over 2 resamples";
    assertEquals(rows(await ask(stability)), rows(await tables(`${fresh}${stability}`)));
    const prompt = 'run d on "When Agnes and Alma went" corrupted "When Alma and Agnes went"';
    assertEquals(rows(await ask(prompt)), rows(await tables(`${fresh}${prompt}`)));

    // The circuit that was found before is one of the earlier task, also for what was not measured then.
    const first = model + ring + find("c");
    for (
      const query of ["evaluate c by kl, exact_match, metric", "stability of c over 2 resamples"]
    ) {
      assertEquals(rows(await ask(query)), rows(await tables(first + query)));
    }
    await inFolder({}, async (folder) => {
      const file = join(folder, "c.circuit.json");
      await tables(`${first}save c to "${file}"`);
      const query = "evaluate c on names corrupted by others by metric";
      assertEquals(
        rows(await ask(query)),
        rows(await tables(`${model}${book}circuit c { from "${file}" in toy }\n${query}`)),
      );
    });
    assertEquals(problems, []);
  }));

Deno.test("a corruption that is declared again is used as it now stands", () =>
  atPrompt(async ({ repl, tables: ask, problems }) => {
    const other = corruption("ring", "A, B");
    await repl.execute(model + ring + find("c"));
    await ask("evaluate c by kl");
    await repl.execute(other + find("d"));
    assertEquals(
      rows(await ask("evaluate d by kl")),
      rows(await tables(`${model}${ringTask}${other}${find("d")}evaluate d by kl`)),
    );
    assertEquals(
      rows(await ask("evaluate c by kl, exact_match")),
      rows(await tables(`${model}${ring}${find("c")}evaluate c by kl, exact_match`)),
    );
    assertEquals(problems, []);
  }));

Deno.test("a task that is declared again keeps the corruptions that fit it", () =>
  atPrompt(async ({ repl, tables: ask, problems }) => {
    await repl.execute(model + ring + find("c"));
    const again = task(5, "ring", "{A}", "{B}");
    await repl.execute(again + find("d"));
    const fresh = model + again + corruption("ring");
    for (const query of ["evaluate d by kl, metric", "stability of d over 2 resamples"]) {
      assertEquals(
        rows(await ask(query)),
        rows(await tables(`${fresh}${find("d")}${query}`)),
      );
    }
    const old = model + ring + find("c");
    assertEquals(
      rows(await ask("evaluate c by kl, metric")),
      rows(await tables(`${old}evaluate c by kl, metric`)),
    );
    await inFolder({}, async (folder) => {
      const file = join(folder, "c.circuit.json");
      await tables(`${old}save c to "${file}"`);
      const query = "evaluate c on names by kl, metric";
      assertEquals(
        rows(await ask(query)),
        rows(await tables(`${fresh}circuit c { from "${file}" in toy }\n${query}`)),
      );
      const script = join(folder, "session.circ");
      await repl.execute(`.save ${script}`);
      assertEquals(checkFile(script).diagnostics, []);
    });
    assertEquals(problems, []);
  }));

Deno.test("a corruption belongs to the task that it was declared for", () =>
  atPrompt(async ({ repl, problems }) => {
    await repl.execute(model + ring + find("c"));
    const unlike = ringTask.replace(/\bC\b/g, "D").replaceAll("{C}", "{D}");
    assertEquals(await repl.execute(unlike + find("d")), "failed");
    assertEquals(problems.splice(0), [
      "`others` is a corruption of another `names`, which was declared before this one (declare `others` again)",
    ]);
    await repl.execute(book);
    await repl.execute("evaluate c corrupted by others by kl");
    assertEquals(problems.splice(0), [
      "`others` is a corruption of another `names`, which was declared after this one (say `on names` for the new one)",
    ]);
    assertEquals(await repl.execute("evaluate c on names corrupted by others by kl"), "done");
  }));

Deno.test("circuits of one label keep files of their own, and each is found again by its content", () => {
  const sweeps = [3, 5].map((train) =>
    `sweep seed from [1] {
circuit c { find random in toy for names corrupted by others keep ${train} seed seed }
}
`
  );
  return inFolder({ "a.circ": model + ring + sweeps.join("") }, async (cwd) => {
    const run = () => circ(["run", "a.circ", "--device", "cpu"], { cwd });
    const first = await run();
    assertEquals(first.status, 0, first.err);
    const folder = join(cwd, "runs/a/circuits");
    const sizes = async () => {
      const found: Record<string, number> = {};
      for await (const { name } of Deno.readDir(folder)) {
        if (!name.endsWith(".circuit.json")) continue;
        found[name] = (await openCircuit(join(folder, name))).edges.length;
      }
      return found;
    };
    const expected = {
      "c (seed=1).circuit.json": await edges(cwd, 3),
      "c (seed=1) 2.circuit.json": await edges(cwd, 5),
    };
    assertEquals(await sizes(), expected);
    const again = await run();
    assertEquals(again.err.match(/found by an earlier run/g)?.length, 2, again.err);
    assertEquals(await sizes(), expected);

    // Only the second sweep is left, under another name: its content tells.
    await Deno.writeTextFile(
      join(cwd, "a.circ"),
      (model + ring + sweeps[1]).replace("circuit c", "circuit late"),
    );
    const third = await run();
    assertStringIncludes(third.err, "found by an earlier run");
    assertEquals(
      (await sizes())["late (seed=1).circuit.json"],
      expected["c (seed=1) 2.circuit.json"],
    );
  });
});

/** Number of edges of the circuit that a script with this `keep` alone finds. */
async function edges(cwd: string, keep: number): Promise<number> {
  const { shown } = await runScript(
    `${model}${ring}circuit c { find random in toy for names corrupted by others keep ${keep} seed 1 }
edges(c)`,
    { device: "cpu", file: join(dirname(join(cwd, "a")), "b.circ") },
  );
  return Number(shown[0]);
}
