/**
 * A session in which names were declared again is saved as a script that computes the same numbers: expected values are those that
 * the prompt showed.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { checkFile, checkText } from "../../../dsl/check/files.ts";
import { runScript } from "../../../dsl/interpret/script.ts";
import type { Table } from "../../../runtime/circuits/mod.ts";
import { inFolder } from "../../cli/run_circ.ts";
import { atPrompt } from "../../support/prompt.ts";
import { toyModel } from "../../support/toy_scripts.ts";

const task = (thing: string) =>
  `task names {
  vary A, B from ["Aaron", "Agnes", "Albert", "Alma", "Amos", "Basil"]
  prompt "When {A} and {B} went to the park, {B} gave a ${thing} to"
  answer " {A}"
  wrong " {B}"
  examples train 6, validation 0, test 6
}
`;
const others = (fields: string) => `corruption others of names { ${fields} }\n`;
const find = (name: string) =>
  `circuit ${name} { find eap in toy for names corrupted by others keep 40 }\n`;

/** Tables of a session of some entries, and of the script that it is saved as. */
async function shownTwice(
  entries: readonly string[],
): Promise<{ readonly session: Table[]; readonly script: Table[]; readonly text: string }> {
  let found: { session: Table[]; script: Table[]; text: string } | undefined;
  await inFolder({}, (folder) =>
    atPrompt(async ({ repl, shown, problems }) => {
      for (const entry of entries) await repl.execute(entry);
      assertEquals(problems, []);
      const file = join(folder, "session.circ");
      await repl.execute(`.save ${file}`);
      const text = await Deno.readTextFile(file);
      assertEquals(checkFile(file).diagnostics, [], text);
      const { shown: again } = await runScript(text, { device: "cpu", file });
      const tables = (all: readonly (Table | string)[]) =>
        all.filter((each): each is Table => typeof each !== "string");
      found = { session: tables(shown), script: tables(again), text };
    }, folder));
  return found!;
}

Deno.test("tasks and corruptions that were declared again are drawn in the saved script as at the prompt", async () => {
  const redraw = "redraw A, B";
  const { session, script, text } = await shownTwice([
    `${toyModel}\n${task("ring")}${others(redraw)}${find("c")}`,
    "evaluate c by kl, metric",
    // The task again, which takes over the corruption; then the corruption again, on one line and on several.
    `${task("book")}${find("d")}`,
    "evaluate d by kl, metric",
    `corruption others of names {\n  redraw A\n}\n${find("e")}`,
    "evaluate c, d, e by kl, metric",
    `${others("swap A, B")}${find("f")}`,
    "evaluate c, d, e, f by kl, metric",
  ]);
  assertEquals(script.map(({ rows }) => rows.map((row) => row.slice(-2))), [
    ...session.map(({ rows }) => rows.map((row) => row.slice(-2))),
  ]);
  // Without the field the earlier declarations draw other examples, under their new names.
  assertStringIncludes(text, 'drawn_as "names"');
  assertStringIncludes(text, 'drawn_as "others"');
  const plain = text.replaceAll(/drawn_as "\w+"/g, "");
  assert(checkText(plain, "s.circ").ok);
  const { shown } = await runScript(plain, { device: "cpu" });
  assert(JSON.stringify(shown[0]) !== JSON.stringify(session[0]));
});

Deno.test("a table says where circuits are measured on other tasks and corruptions, also of one name", async () => {
  const { session: [before, after] } = await shownTwice([
    `${toyModel}\n${task("ring")}${others("redraw A, B")}${find("c")}`,
    `${others("redraw A")}${find("d")}`,
    "evaluate c, d on names by kl",
    task("book") + find("e"),
    "compare c, e by kl",
  ]);
  const cells = ({ columns, rows }: Table, name: string) =>
    rows.map((row) => row[columns.indexOf(name)]);
  assertEquals(cells(before, "corruption"), ["others (1)", "others (2)"]);
  assertEquals(before.columns.indexOf("task"), -1);
  assertEquals(cells(after, "task"), ["names (1)", "names (2)"]);
  assertEquals(cells(after, "corruption"), ["others (1)", "others (2)"]);
});

Deno.test("inputs of a program that was declared again are drawn as at the prompt, also in a sweep", async () => {
  const program = (output: string) =>
    `program p { over [1, 2, 3] length 3 output ${output} }
model m { from p }
task inputs { generate p metric kl examples train 6, validation 0, test 4 }
`;
  const swept = `sweep n from [4, 6] {
task t { generate p metric kl examples train n, validation 0, test 4 }
circuit s { find eap_ig in m for t keep 3 }
evaluate s by kl
}
`;
  const find = (name: string) => `circuit ${name} { find eap_ig in m for inputs keep 3 }\n`;
  const { session, script, text } = await shownTwice([
    program("aggregate(select(indices, 2 - indices, ==), tokens)") + find("c") + swept,
    "evaluate c by kl",
    program("aggregate(select(indices, indices, ==), tokens)") + find("d"),
    "evaluate c, d by kl",
  ]);
  assertEquals(text.match(/drawn_as "p"/g)?.length, 2);
  const values = (tables: readonly Table[]) =>
    tables.map(({ rows }) => rows.map((row) => row.at(-1)));
  assertEquals(values(script), values(session));
});

Deno.test("a name that `drawn_as` gives is drawn whatever the task is called", async () => {
  const named = (name: string, field = "") =>
    `${toyModel}\n${
      task("ring").replace("names", name).replace("examples", `${field}\n  examples`)
    }${others("redraw A, B").replace("names", name)}${
      find("c").replace("names", name)
    }evaluate c by kl\n`;
  const tables = async (text: string) => (await runScript(text, { device: "cpu" })).shown;
  assertEquals(await tables(named("other", '  drawn_as "names"')), await tables(named("names")));
  const misplaced = (field: string) =>
    checkText(`task t {\n  generate boolean_expressions\n  ${field}\n}\n`, "s.circ").diagnostics
      .map(({ message }) => message);
  assertEquals(
    misplaced('drawn_as "names"')[0],
    "the task `t` generates its prompts, so this has no use",
  );
  const twice = others('redraw A drawn_as "a" drawn_as "b"');
  const { diagnostics } = checkText(task("ring") + twice, "s.circ");
  assertEquals(diagnostics.map(({ message }) => message), ["the corruption has `drawn_as` twice"]);
});

Deno.test("what a sweep declares may not hide a name, at the prompt as in scripts", async () => {
  const [name, sweep] = ["let n = 3", "sweep n from 1..2 { n + 1 }"];
  const message = "`n` is already a number";
  assertEquals(
    checkText(`${name}\n${sweep}\n`, "s.circ").diagnostics.map(({ message }) => message),
    [message],
  );
  await atPrompt(async ({ repl, problems }) => {
    await repl.execute(name);
    assertEquals(await repl.execute(sweep), "failed");
    assertEquals(await repl.execute(sweep.replace("n + 1", "let n = 4")), "failed");
    assertEquals(
      problems.map((each) => each.slice(0, message.length)),
      [message, message, message].slice(0, problems.length),
    );
    assertEquals(await repl.execute("let n = 4"), "done");
    assertEquals(await repl.execute("sweep k from 1..2 { let m = k + n }"), "done");
    assertEquals(await repl.execute("sweep k from 1..2 { let m = k - n }"), "done");
  });
});

Deno.test("messages tell models of one name apart", () =>
  atPrompt(async ({ repl, problems }) => {
    const circuit = (name: string) => `circuit ${name} { find random in toy keep 5 }\n`;
    await repl.execute(`${toyModel}\n${circuit("c")}`);
    await repl.execute(`${toyModel}\n${circuit("d")}`);
    await repl.execute("overlap c, d");
    await repl.execute("d | c");
    await repl.execute("circuit e { find random in toy keep 2 within c }");
    await repl.execute(`${toyModel}\n${circuit("e")}`);
    await repl.execute("overlap c, d");
    assertEquals(problems.map((each) => each.replace(/ \(.*/, "")), [
      "circuits of one model are compared: this is one of the present `toy`, the first is one of an earlier `toy`",
      "`|` joins circuits of one model: these are circuits of the present `toy` and an earlier `toy`",
      "`c` is a circuit of an earlier `toy`, and this one is in the present `toy`",
      "circuits of one model are compared: this is one of an earlier `toy`, the first is one of another earlier `toy`",
    ]);
  }));

Deno.test("`.save` says what a script of the session needs that the session did not", () =>
  inFolder({}, (folder) =>
    atPrompt(async ({ repl, problems, notes }) => {
      await repl.execute(`${toyModel}\n${task("ring")}${others("redraw A, B")}${find("c")}`);
      await repl.execute(`save c to "c.edges.json"`);
      await repl.execute(others("swap A, B"));
      await repl.execute(`circuit z { from "c.edges.json" in toy }`);
      await repl.execute("evaluate z on names by kl");
      assertEquals(problems, []);
      await repl.execute(".save session.circ");
      assertEquals(
        notes.at(-1),
        "note: the script is to be changed before it runs: `names` has several corruptions",
      );
      // `check` says so as well.
      const { diagnostics } = checkFile(join(folder, "session.circ"));
      assertEquals(diagnostics.map(({ message, help }) => [message, help]), [
        ["`names` has several corruptions", "say `corrupted by` one of others_before, others"],
      ]);
    }, folder)));
