import { assert, assertEquals } from "@std/assert";
import { circuitForms, tableForms } from "../../runtime/circuits/mod.ts";
import { ENTRIES, entriesFor, entryOf, explain } from "../../dsl/reference/mod.ts";
import {
  COMMAND_WORDS,
  DECLARATION_WORDS,
  FIELD_WORDS,
  QUERY_WORDS,
} from "../../dsl/syntax/tokens.ts";

Deno.test("every statement, query and field of the language has an entry", () => {
  for (const word of [...DECLARATION_WORDS, ...COMMAND_WORDS]) {
    assert(entryOf(word, ["statement"]), word);
  }
  for (const word of QUERY_WORDS) assert(entryOf(word, ["query"]), word);
  for (const [block, words] of Object.entries(FIELD_WORDS)) {
    for (const word of words) assert(entryOf(word, ["field"], block), `${word} of ${block}`);
  }
});

Deno.test("the entry of `save` names every form with its endings", () => {
  const { text } = entryOf("save", ["statement"])!;
  for (const { endings, about } of [...circuitForms, ...tableForms]) {
    assert(text.includes(about), about);
    for (const ending of endings) assert(text.includes(`${ending}\``), ending);
  }
});

Deno.test("every entry of a field belongs to a field, and says what it means in sentences", () => {
  for (const { word, kind, of, text } of ENTRIES) {
    if (kind === "field") {
      assert(
        (FIELD_WORDS[of as keyof typeof FIELD_WORDS] as readonly string[]).includes(word),
        word,
      );
    }
    assert(/^[A-Z`].*[.`]$/s.test(text), `${word}: ${text}`);
  }
});

Deno.test("explain shows form, meaning, unit, range and default", () => {
  const { found, text } = explain("warm_up");
  assert(found);
  assertEquals(
    text,
    "warm_up: a field of a schedule\n\n  warm_up 200 steps\n\n" +
      "The learning rate rises to its full value over the first steps.\n\n" +
      "unit: steps\nrange: whole numbers from 0 to `steps`\n" +
      "default: 0; for `edge_pruning` and `hybrid`, when nothing says `edge_sparsity`, 20, and at most a tenth of the steps\n",
  );
  assertEquals(entriesFor("steps").length, 2);
});

Deno.test("explain names the nearest word", () => {
  const { found, text } = explain("edge_prunning");
  assert(!found);
  assertEquals(text, "unknown word `edge_prunning`\nhelp: did you mean `edge_pruning`?\n");
});

Deno.test("explain names the words that begin as the unknown one", () => {
  const help = (word: string) => explain(word).text.split("\nhelp: ")[1];
  assertEquals(help("uniform"), "did you mean `uniform_gradient_sampling`?\n");
  assert(help("e").startsWith("words that begin so are: "), help("e"));
  const named = [...help("e").matchAll(/`(\w+)`/g)].map(([, word]) => word);
  assertEquals(named.filter((word) => !word.startsWith("e")), []);
  assert(named.length > 1);
});
