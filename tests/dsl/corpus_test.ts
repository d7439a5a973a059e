import { assert, assertEquals } from "@std/assert";
import { check } from "../../dsl/check/check.ts";
import { renderDiagnostics, sortDiagnostics } from "../../dsl/text/diagnostics.ts";
import { formatText } from "../../dsl/format/format.ts";
import type { Source } from "../../dsl/text/source.ts";
import { parse } from "../../dsl/syntax/parse.ts";
import { testContext } from "./support/context.ts";

const CORPUS = new URL("./corpus/", import.meta.url);
/** `CIRC_UPDATE=1 deno test -A tests/dsl/corpus_test.ts` writes the expected diagnostics anew. */
const update = Deno.env.get("CIRC_UPDATE") === "1";

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, CORPUS))].map(({ name }) => name)
    .filter((name) => name.endsWith(".circ")).map((name) => name.slice(0, -5)).sort();
}

function diagnose(file: string): { text: string; shown: string; count: number } {
  const text = Deno.readTextFileSync(new URL(file, CORPUS));
  const name = file.replace(/^.*\//, "");
  const sources: Source[] = [{ file: name, text }];
  const parsed = parse(text, name);
  const { diagnostics } = check(parsed.tree, testContext(CORPUS, sources));
  const all = sortDiagnostics([...parsed.diagnostics, ...diagnostics]);
  return { text, shown: renderDiagnostics(all, sources), count: all.length };
}

const wrong = namesIn("wrong/");
const right = namesIn("right/");

Deno.test("the corpus has enough scripts", () => {
  assert(wrong.length >= 60, `${wrong.length} broken scripts`);
  assert(right.length >= 25, `${right.length} correct scripts`);
});

for (const name of wrong) {
  Deno.test(`wrong: ${name}`, () => {
    const { shown } = diagnose(`wrong/${name}.circ`);
    const golden = new URL(`wrong/${name}.txt`, CORPUS);
    if (update) Deno.writeTextFileSync(golden, shown);
    assertEquals(shown, Deno.readTextFileSync(golden));
    assert(shown !== "");
  });
}

for (const name of right) {
  Deno.test(`right: ${name}`, () => {
    const { text, shown } = diagnose(`right/${name}.circ`);
    assertEquals(shown, "");
    const formatted = formatText(text);
    assert(formatted.ok);
    assertEquals(formatted.text, text);
  });
}
