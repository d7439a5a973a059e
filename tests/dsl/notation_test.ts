import { assertEquals } from "@std/assert";
import { FORMS, RULES } from "../../dsl/syntax/forms.ts";
import { grammar } from "../../dsl/syntax/grammar.ts";
import { firstWords, type Form, readForm } from "../../dsl/syntax/notation.ts";

const part = (label: string, ...choices: string[]) => ({ type: "part" as const, label, choices });
const word = (word: string) => ({ type: "word" as const, word });

Deno.test("a form is read into words, labelled parts, lists, options and blocks", () => {
  const forms: [string, Form][] = [
    ["on :path", [word("on"), part("", "path")]],
    ["from:pattern -> to:pattern", [part("from", "pattern"), word("->"), part("to", "pattern")]],
    ["word:'top'|'bottom' of", [part("word", "'top'", "'bottom'"), word("of")]],
    [":sum+", [{ type: "list", label: "", item: [part("", "sum")], gate: undefined }]],
    ["all:(split:choice n:sum)+@gate", [{
      type: "list",
      label: "all",
      item: [part("split", "choice"), part("n", "sum")],
      gate: "gate",
    }]],
    ["[@gate by by:name] n:[n]", [
      { type: "option", label: undefined, gate: "gate", parts: [word("by"), part("by", "name")] },
      { type: "option", label: "n", gate: undefined, parts: [word("n")] },
    ]],
    ["@doc task {task}", [{ type: "doc" }, word("task"), { type: "block", of: "task" }]],
  ];
  for (const [text, expected] of forms) assertEquals(readForm(text), expected, text);
});

Deno.test("a form begins with its first word, or with one of the words of its first part", () => {
  assertEquals(firstWords(readForm("set name:name")), ["set"]);
  assertEquals(firstWords(readForm("word:'redraw'|'swap' names:names")), ["redraw", "swap"]);
});

Deno.test("each rule of the tables is a rule of the grammar", () => {
  for (const name of RULES.keys()) assertEquals(grammar().has(name), true, name);
});

Deno.test("rules that make records of one kind keep the same parts, since one form writes them all", () => {
  const labels = (form: Form) => form.flatMap((part) => "label" in part ? [part.label] : []);
  for (const { kind, form } of RULES.values()) {
    assertEquals(labels(form), labels(FORMS.get(kind)!), kind);
  }
});
