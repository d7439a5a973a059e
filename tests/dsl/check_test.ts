import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { showEndings } from "../../base/file_forms.ts";
import { circuitForms, tableForms } from "../../runtime/circuits/mod.ts";
import { check } from "../../dsl/check/check.ts";
import { checkFile, checkText } from "../../dsl/check/files.ts";
import { parse } from "../../dsl/syntax/parse.ts";
import { inFolder } from "../cli/run_circ.ts";

function messages(text: string, context = {}): string[] {
  const parsed = parse(text);
  return [...parsed.diagnostics, ...check(parsed.tree, context).diagnostics].map(({ message }) =>
    message
  );
}

Deno.test("a prompt hands names on from line to line", () => {
  const first = check(parse("let x = 3").tree, { redefine: true });
  assertEquals(first.diagnostics, []);
  const known = first.checked.names;
  assertEquals(check(parse("let y = x + 1\ny").tree, { known, redefine: true }).diagnostics, []);
});

Deno.test("a prompt may declare a name again", () => {
  const known = check(parse("let x = 3").tree).checked.names;
  assertEquals(check(parse("let x = 4").tree, { known, redefine: true }).diagnostics, []);
});

Deno.test("what is not a prompt does not declare a name again", () => {
  const known = check(parse("let x = 3").tree).checked.names;
  const { diagnostics } = check(parse("let x = 4").tree, { known });
  assertEquals(diagnostics.map(({ message }) => message), ["`x` is already a number"]);
});

Deno.test("names that are handed over are not changed", () => {
  const known = check(parse("let x = 3").tree).checked.names;
  check(parse("let y = x + 1\ny").tree, { known, redefine: true });
  check(parse("let x = 4").tree, { known, redefine: true });
  assertEquals([...known.keys()], ["x"]);
});

Deno.test("numbers are followed through names and arithmetic", () => {
  assertEquals(messages("let n = 2 * 3 - 6\nschedule s { steps n }\nn"), [
    "`steps` must be a whole number from 1: this is 0",
  ]);
});

Deno.test("what parses is checked beside what does not", () => {
  assertEquals(messages("let n = 2 * 3 - 6\nschedule s { steps n }\nevaluate"), [
    "expected a value after `evaluate`",
    "`steps` must be a whole number from 1: this is 0",
  ]);
});

Deno.test("a file of declarations only is there to be imported: nothing is unused", () => {
  assertEquals(messages('schedule s { steps 3 }\nmodel m { from "x" }\n'), []);
});

Deno.test("a task's only corruption is used by a measurement that names none, one of several must be named", () => {
  const script = (more: string, last: string) =>
    `model m { from "models/m" }
task t {
  vary A from ["x", "y"]
  prompt "{A}"
  answer "z"
}
corruption s of t { redraw A }
${more}circuit c { in m from "c.circuit.json" }
${last}
`;
  const unused = (name: string) => `the corruption \`${name}\` is never used`;
  for (const last of ["evaluate c on t.test by kl", "expect kl(c, t.test) < 1"]) {
    assertEquals(messages(script("", last)), []);
    const other = "corruption r of t { redraw A }\n";
    assertEquals(messages(script(other, last)), ["`t` has several corruptions"]);
  }
  const named = "corruption r of t { redraw A }\n";
  assertEquals(messages(script(named, "evaluate c on t.test corrupted by r by kl")), [unused("s")]);
  assertEquals(messages(script("", "expect edges(c) > 1")), [unused("s")]);
});

Deno.test("references are recorded with exact spans", () => {
  const text = 'task t {\n  vary   A from ["x", "y"]\n  prompt "{A}"\n  answer "b"\n}\n';
  const { checked } = check(parse(text).tree);
  assertEquals(
    checked.references.map(({ span, symbol }) => [text.slice(span.start, span.end), symbol.name]),
    [["A", "A"]],
  );
});

const config = {
  model_type: "gpt2",
  n_layer: 2,
  n_head: 4,
  n_embd: 32,
  n_positions: 16,
  vocab_size: 64,
  activation_function: "gelu_new",
};

/** The diagnostics of `a.circ` beside a model's folder and `lib.circ`, which declares the model. */
const checkBeside = (script: string, modelConfig: unknown = config) =>
  inFolder({
    "toy/config.json": JSON.stringify(modelConfig),
    "lib.circ": 'model toy { from "toy" }\n',
    "a.circ": script,
  }, (folder) => Promise.resolve(checkFile(join(folder, "a.circ"))));

Deno.test("files: an import is looked up beside the script, and its text is a source", async () => {
  const { ok, diagnostics, sources } = await checkBeside('import "lib.circ"\ntoy\n');
  assertEquals(diagnostics, []);
  assert(ok);
  assertEquals(sources.length, 2);
});

Deno.test("files: the layers of a model are those of its config.json", async () => {
  const { ok, diagnostics } = await checkBeside(
    'import "lib.circ"\ncircuit c {\n  find random\n  in   toy\n  keep 3\n}\nwhy a2.h0 in c\n',
  );
  assert(!ok);
  assertEquals(
    diagnostics.map(({ message }) => message),
    ["`a2.h0`: `toy` has layers 0..1"],
  );
});

Deno.test("files: a list of values is looked up beside the script", async () => {
  const { ok, diagnostics } = await checkBeside(
    'task t {\n  vary   A from lines("none.txt")\n  prompt "{A}"\n  answer "b"\n}\n',
  );
  assert(!ok);
  assertEquals(diagnostics.map(({ message }) => message), ["no such file: none.txt"]);
});

Deno.test("files: a model that cannot be read is an error in the script that declares it", async () => {
  const { diagnostics } = await checkBeside('import "lib.circ"\ntoy\n', { model_type: "bort" });
  assert(
    diagnostics.some(({ message, file }) => message.includes("bort") && file.endsWith("lib.circ")),
  );
});

Deno.test("a text without errors is ok", () => assert(checkText("let x = 3\nlet y = x\n").ok));

Deno.test("a text with a warning is ok", () => {
  const { ok, diagnostics } = checkText("let x = 3\nlet y = 4\ny\n");
  assert(ok);
  assertEquals(diagnostics.map(({ severity }) => severity), ["warning"]);
});

const circuit = 'model m { from "x" }\ncircuit c { in m from "c.circuit.json" }\n';
const saved: [kind: string, value: string, forms: readonly { endings: readonly string[] }[]][] = [
  ["circuit", "c", circuitForms],
  ["table", "edges of c", tableForms],
];
for (const [kind, value, forms] of saved) {
  Deno.test(`a ${kind} is saved under every ending of its forms, in any case`, () => {
    const endings = forms.flatMap(({ endings }) => endings);
    for (const ending of [...endings, ...endings.map((each) => each.toUpperCase())]) {
      assertEquals(messages(`${circuit}save ${value} to "a${ending}"\n`), [], ending);
    }
  });

  Deno.test(`a ${kind} is not saved under an ending of no form`, () => {
    for (const wrong of [".xlsx", ".png", ".jsn"]) {
      assertEquals(messages(`${circuit}save ${value} to "a${wrong}"\n`), [
        `a ${kind} is not saved as ${wrong}`,
      ]);
    }
  });
}

Deno.test("a circuit is not saved under an ending of tables", () =>
  assertEquals(messages(`${circuit}save c to "a.csv"\n`), ["a circuit is not saved as .csv"]));

Deno.test("a file without an ending is no form, and the help names the endings", () => {
  const text = `${circuit}save edges of c to "edges"\n`;
  const [{ message, help, span }, ...more] = check(parse(text).tree).diagnostics;
  assertEquals(more, []);
  assertEquals(message, "a table is not saved as a file without an ending");
  assertEquals(help, `the endings are ${showEndings(tableForms)}`);
  assertEquals(text.slice(span.start, span.end), '"edges"');
});
