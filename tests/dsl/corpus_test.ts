import { assert, assertEquals } from "@std/assert";
import { check } from "../../dsl/check/check.ts";
import { formatText } from "../../dsl/format/format.ts";
import { parse } from "../../dsl/syntax/parse.ts";
import { renderDiagnostics, sortDiagnostics } from "../../dsl/text/diagnostics.ts";
import type { Source } from "../../dsl/text/source.ts";
import { testContext } from "./support/context.ts";
import {
  CORPUS,
  rightScripts,
  type Script,
  writeExpected,
  wrongScripts,
} from "./support/corpus.ts";
import { namingLists, withLists } from "./support/lists.ts";

/** `CIRC_UPDATE=1 deno test -A tests/dsl/corpus_test.ts` writes the expected diagnostics anew. */
const update = Deno.env.get("CIRC_UPDATE") === "1";

function diagnose({ file, text }: Script): string {
  const sources: Source[] = [{ file, text }];
  const parsed = parse(text, file);
  const { diagnostics } = check(parsed.tree, {
    ...testContext(CORPUS, sources),
    source: sources[0],
  });
  return renderDiagnostics(sortDiagnostics([...parsed.diagnostics, ...diagnostics]), sources);
}

const wrong = wrongScripts();
const right = rightScripts();

Deno.test("the corpus has enough scripts, each of another name", () => {
  assert(wrong.length >= 180, `${wrong.length} wrong scripts`);
  assert(right.length >= 25, `${right.length} right scripts`);
  assertEquals(new Set(wrong.map(({ file }) => file)).size, wrong.length);
});

for (const script of wrong) {
  Deno.test(`wrong: ${script.name}`, () => {
    const shown = diagnose(script);
    if (update) writeExpected(script, namingLists(shown, script.expected));
    else assertEquals(shown, withLists(script.expected));
    assert(shown !== "");
  });
}

for (const script of right) {
  Deno.test(`right: ${script.name}`, () => {
    assertEquals(diagnose(script), "");
    const formatted = formatText(script.text);
    assert(formatted.ok);
    assertEquals(formatted.text, script.text);
  });
}
