/** Sweeps: one table for each statement, spread over seeds, plots over values, and files with values in their names. */
import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { runScript } from "../../../dsl/interpret/script.ts";
import { checkText } from "../../../dsl/check/files.ts";
import type { Table } from "../../../runtime/circuits/mod.ts";
import { circ, inFolder } from "../../cli/run_circ.ts";
import { ioiScript } from "../../support/toy_scripts.ts";

const base = ioiScript({ train: 4, test: 4 });
const find = "circuit c { find random in toy for ioi corrupted by strangers keep n seed seed }";
const errors = (text: string) =>
  checkText(text, "s.circ").diagnostics.map(({ message }) => message);

Deno.test("a sweep is one table for each statement, with the swept values as columns", () =>
  inFolder({}, async (cwd) => {
    const notes: string[] = [];
    const { shown } = await runScript(
      `${base}sweep n from [20, 40], seed from 1..2 { ${find}
evaluate c by kl
edges(c) * 2
sweep word from ["a", "b"] { word } }
`,
      { device: "cpu", file: join(cwd, "s.circ"), onNote: (note) => notes.push(note) },
    );
    const [measured, doubled, words, ...none] = shown as Table[];
    assertEquals(none, []);
    assertEquals(measured.columns, ["n", "seed", "circuit", "edges", "sparsity", "kl"]);
    assertEquals(measured.rows.map((row) => row.slice(0, 4)), [
      [20, 1, "c", 20],
      [20, 2, "c", 20],
      [40, 1, "c", 40],
      [40, 2, "c", 40],
    ]);
    assertEquals(doubled.columns, ["n", "seed", "edges(c) * 2"]);
    assertEquals(doubled.rows, [[20, 1, 40], [20, 2, 40], [40, 1, 80], [40, 2, 80]]);
    assertEquals(words.columns, ["n", "seed", "word (swept)", "word"]);
    assertEquals(words.rows.length, 8);
    const progress = notes.filter((note) => /^\d of 4: /.test(note));
    assertEquals(progress[1], "2 of 4: n=20, seed=2");
    // Each row is what a script with that point alone gives.
    const alone = await runScript(
      `${base}let n = 40 let seed = 2 ${find}\nevaluate c by kl`.replaceAll(" let", "\nlet")
        .replace(" circuit", "\ncircuit"),
      { device: "cpu", file: join(cwd, "s.circ") },
    );
    assertEquals((alone.shown[0] as Table).rows[0], measured.rows[3].slice(2));
  }));

Deno.test("`over` gives mean and standard deviation, and draws", () =>
  inFolder({}, async (cwd) => {
    const { shown } = await runScript(
      `${base}sweep n from [20, 40], seed from 1..3 { ${find}
evaluate c by kl
evaluate c by kl over seed
save evaluate c by kl over seed to "t/kl.csv"
plot kl of c over n to "t/kl.svg"
save c to "t/{n}/c-{seed}.json" }
`,
      { device: "cpu", file: join(cwd, "s.circ") },
    );
    const [all, spread] = shown as Table[];
    const columns = [
      "n",
      "circuit",
      "edges",
      "edges spread",
      "sparsity",
      "sparsity spread",
      "kl",
      "kl spread",
      "points",
    ];
    assertEquals(spread.columns, columns);
    assertEquals(spread.rows.length, 2);
    for (const row of spread.rows) {
      const values = all.rows.filter(([n]) => n === row[0]).map((each) => Number(each[5]));
      assertEquals(values.length, 3);
      const mean = (values[0] + values[1] + values[2]) / 3;
      const variance =
        ((values[0] - mean) ** 2 + (values[1] - mean) ** 2 + (values[2] - mean) ** 2) / 2;
      assertAlmostEquals(Number(row[6]), mean, 1e-12);
      assertAlmostEquals(Number(row[7]), Math.sqrt(variance), 1e-12);
      assertEquals(row[8], 3);
    }
    const lines = (await Deno.readTextFile(join(cwd, "t/kl.csv"))).trim().split("\r\n");
    assertEquals(lines[0], columns.join(","));
    assertEquals(lines.length, 3);
    const drawing = await Deno.readTextFile(join(cwd, "t/kl.svg"));
    for (const name of ["c, seed=1", "c, seed=2", "c, seed=3"]) assertStringIncludes(drawing, name);
    for (const name of ["20/c-1", "20/c-3", "40/c-2"]) {
      assert((await Deno.stat(join(cwd, `t/${name}.json`))).isFile, name);
    }
  }));

Deno.test("every form of a sweep's table is one valid document", () =>
  inFolder({ "s.circ": 'sweep a from 1..2, b from ["x", "y"] { a * 10 }\n' }, async (cwd) => {
    const out = async (form: string) =>
      (await circ(["run", "s.circ", "--format", form], { cwd })).out;
    assertEquals(JSON.parse(await out("json")), [
      { a: 1, b: "x", "a * 10": 10 },
      { a: 1, b: "y", "a * 10": 10 },
      { a: 2, b: "x", "a * 10": 20 },
      { a: 2, b: "y", "a * 10": 20 },
    ]);
    assertEquals(await out("csv"), "a,b,a * 10\r\n1,x,10\r\n1,y,10\r\n2,x,20\r\n2,y,20\r\n");
    assertEquals((await out("markdown")).trim().split("\n").length, 6);
  }));

Deno.test("a sweep that would write one file again and again is refused, as are names that cannot stand there", () => {
  const sweep = (inside: string) =>
    errors(`sweep a from 1..2, b from [3] { ${inside} }\nlet t = [1]\n`);
  const again = "every point of the sweep would write this file again";
  const table = "circuit c { in m edges { tok -> logits } }\nsave edges of c to";
  const of = (inside: string) =>
    sweep(inside).filter((message) => !/unknown \w+ `m`|never used/.test(message));
  assertEquals(of(`${table} "t.csv"`), [again]);
  assertEquals(of(`${table} "t-{b}.csv"`), [again]);
  assertEquals(of(`${table} "t-{a}.csv"`), []);
  assertEquals(of(`let d = a + 1\n${table} "t-{d}.csv"`), []);
  assertEquals(of(`${table} "t-{a}-{e}.csv"`), ["unknown name `e`"]);
  assertEquals(of(`${table} "t-{a}{.csv"`), ["a brace in the name of a file is doubled"]);
  assertEquals(of(`${table} "t-{a}{{.csv"`), []);
  assertEquals(of(`${table} "{c}-{a}.csv"`), ["`c` is a circuit"]);
  const plot = "circuit c { in m edges { tok -> logits } }\nplot kl of c";
  assertEquals(of(`${plot} over e to "t.svg"`).slice(-1), [
    "`over` takes a variable of the sweep around, and `e` is none",
  ]);
  assert(
    of(`${plot} over a to "t-{a}.svg"`).includes(
      "one file is written for the whole sweep, and its name holds `{a}`",
    ),
  );
  assert(
    of(`${table.replace(/save.*/, "let x = evaluate c by kl over a")}`).includes(
      "`over` stands in a table that is shown or saved",
    ),
  );
});

Deno.test("two points whose values are written alike are found before anything is computed", () =>
  inFolder({}, async (cwd) => {
    const text =
      `${base}sweep n from [20, 20], seed from [1] { ${find}\nsave c to "c-{n}.json" }\n`;
    const failed = await runScript(text, { device: "cpu", file: join(cwd, "s.circ") })
      .then(() => "", (error: Error) => error.message);
    assertStringIncludes(failed, 'two points of the sweep write "c-20.json"');
    assertEquals([...Deno.readDirSync(cwd)], []);
  }));

Deno.test("equal numbers are their own mean, and have no spread", () =>
  inFolder({}, async (cwd) => {
    // Three times 0.95 make 2.8499999999999996 in a sum: 81 of 1,620 edges, and two more sizes.
    for (const keep of [81, 82, 100]) {
      const { shown } = await runScript(
        `${base}sweep seed from 1..3 { ${find.replace("keep n", `keep ${keep}`)}
evaluate c by kl over seed }
`,
        { device: "cpu", file: join(cwd, "s.circ") },
      );
      const [{ columns, rows: [row] }] = shown as Table[];
      const cell = (column: string) => row[columns.indexOf(column)];
      assertEquals([cell("edges"), cell("edges spread")], [keep, 0]);
      assertEquals([cell("sparsity"), cell("sparsity spread")], [1 - keep / 1620, 0]);
    }
  }));
