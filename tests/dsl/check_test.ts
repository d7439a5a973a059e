import { assert, assertEquals } from "@std/assert";
import { showEndings } from "../../base/file_forms.ts";
import { circuitForms, tableForms } from "../../runtime/circuits/mod.ts";
import { check } from "../../dsl/check/check.ts";
import { checkFile, checkText } from "../../dsl/check/files.ts";
import { parse } from "../../dsl/syntax/parse.ts";

function messages(text: string, context = {}): string[] {
  const parsed = parse(text);
  return [...parsed.diagnostics, ...check(parsed.tree, context).diagnostics].map(({ message }) =>
    message
  );
}

Deno.test("a prompt hands names on from line to line, and may declare them again", () => {
  const first = check(parse("let x = 3").tree, { redefine: true });
  assertEquals(first.diagnostics, []);
  const known = first.checked.names;
  const second = parse("let y = x + 1\ny");
  assertEquals(check(second.tree, { known, redefine: true }).diagnostics, []);
  assertEquals(check(parse("let x = 4").tree, { known, redefine: true }).diagnostics, []);
  const strict = check(parse("let x = 4").tree, { known });
  assertEquals(strict.diagnostics.map(({ message }) => message), ["`x` is already a number"]);
  // The names that were handed over are not changed.
  assertEquals([...known.keys()], ["x"]);
});

Deno.test("numbers are followed through names and arithmetic", () => {
  assertEquals(messages("let n = 2 * 3 - 6\nschedule s { steps n }\nevaluate"), [
    "expected a value after `evaluate`",
    "`steps` must be a whole number from 1: this is 0",
  ]);
});

Deno.test("a file of declarations only is there to be imported: nothing is unused", () => {
  assertEquals(messages('schedule s { steps 3 }\nmodel m { from "x" }\n'), []);
});

Deno.test("references are recorded with exact spans", () => {
  const text = 'task t {\n  vary   A from ["x", "y"]\n  prompt "{A}"\n  answer "b"\n}\n';
  const { checked } = check(parse(text).tree);
  assertEquals(
    checked.references.map(({ span, symbol }) => [text.slice(span.start, span.end), symbol.name]),
    [["A", "A"]],
  );
});

Deno.test("files: models' config.json, imports and missing files are looked up beside the script", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/toy`);
    await Deno.writeTextFile(
      `${folder}/toy/config.json`,
      JSON.stringify({
        model_type: "gpt2",
        n_layer: 2,
        n_head: 4,
        n_embd: 32,
        n_positions: 16,
        vocab_size: 64,
        activation_function: "gelu_new",
      }),
    );
    await Deno.writeTextFile(`${folder}/lib.circ`, 'model toy { from "toy" }\n');
    const script = `${folder}/a.circ`;
    await Deno.writeTextFile(
      script,
      'import "lib.circ"\ncircuit c {\n  find random\n  in   toy\n  keep 3\n}\nwhy a2.h0 in c\n' +
        'task t {\n  vary   A from lines("none.txt")\n  prompt "{A}"\n  answer "b"\n}\n',
    );
    const { diagnostics, sources, ok } = checkFile(script);
    assert(!ok);
    assertEquals(
      diagnostics.map(({ message }) => message),
      ["`a2.h0`: `toy` has layers 0..1", "no such file: none.txt"],
    );
    assertEquals(sources.length, 2);
    await Deno.writeTextFile(`${folder}/toy/config.json`, '{"model_type": "bort"}');
    const refused = checkFile(script).diagnostics;
    assert(
      refused.some(({ message, file }) => message.includes("bort") && file.endsWith("lib.circ")),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a text without errors is ok, warnings or not", () => {
  assert(checkText("let x = 3\nlet y = x\n").ok);
  const { ok, diagnostics } = checkText("let x = 3\nlet y = 4\ny\n");
  assert(ok);
  assertEquals(diagnostics.map(({ severity }) => severity), ["warning"]);
});

Deno.test("a circuit and a table are saved under every ending of their forms, and no other", () => {
  const circuit = 'model m { from "x" }\ncircuit c { in m from "c.circuit.json" }\n';
  for (const [value, forms] of [["c", circuitForms], ["edges of c", tableForms]] as const) {
    const endings: readonly string[] = forms.flatMap(({ endings }) => endings);
    for (const ending of [...endings, ...endings.map((each) => each.toUpperCase())]) {
      assertEquals(messages(`${circuit}save ${value} to "a${ending}"\n`), [], ending);
    }
    const kind = value === "c" ? "circuit" : "table";
    for (const wrong of [".xlsx", ".png", ".jsn"]) {
      assertEquals(messages(`${circuit}save ${value} to "a${wrong}"\n`), [
        `a ${kind} is not saved as ${wrong}`,
      ]);
    }
  }
  assertEquals(messages(`${circuit}save c to "a.csv"\n`), ["a circuit is not saved as .csv"]);
  const text = `${circuit}save edges of c to "edges"\n`;
  const [{ message, help, span }, ...more] = check(parse(text).tree).diagnostics;
  assertEquals(more, []);
  assertEquals(message, "a table is not saved as a file without an ending");
  assertEquals(help, `the endings are ${showEndings(tableForms)}`);
  assertEquals(text.slice(span.start, span.end), '"edges"');
});
