import { assert, assertEquals } from "@std/assert";
import { check } from "../../dsl/check/check.ts";
import { checkFile } from "../../dsl/check/files.ts";
import { renderDiagnostics } from "../../dsl/text/diagnostics.ts";
import { formatText } from "../../dsl/format/format.ts";
import { parse } from "../../dsl/syntax/parse.ts";
import { testContext } from "./support/context.ts";
import { ROOT, snippets } from "./support/snippets.ts";

Deno.test("the snippets of docs/language.md are one script, right and in canonical form", () => {
  const all = snippets("docs/language.md");
  assert(all.length >= 12);
  for (const snippet of all) {
    const formatted = formatText(snippet);
    assert(
      formatted.ok,
      renderDiagnostics(formatted.ok ? [] : formatted.diagnostics, { file: "-", text: snippet }),
    );
    assertEquals(formatted.text, snippet);
  }
  const text = all.join("\n");
  const parsed = parse(text, "language.circ");
  const { diagnostics } = check(parsed.tree, testContext(ROOT));
  const errors = [...parsed.diagnostics, ...diagnostics].filter(({ severity }) =>
    severity === "error"
  );
  assertEquals(renderDiagnostics(errors, { file: "language.circ", text }), "");
});

/** Scripts below a folder. */
function* scripts(folder: URL): Generator<URL> {
  for (const entry of Deno.readDirSync(folder)) {
    const path = new URL(entry.name + (entry.isDirectory ? "/" : ""), folder);
    if (entry.isDirectory && !["models", "runs"].includes(entry.name)) yield* scripts(path);
    else if (entry.name.endsWith(".circ")) yield path;
  }
}

for (const path of scripts(new URL("examples/", ROOT))) {
  const name = path.pathname.slice(ROOT.pathname.length);
  Deno.test(`${name} is right and in canonical form`, () => {
    const { diagnostics, sources } = checkFile(path.pathname);
    assertEquals(renderDiagnostics(diagnostics, sources), "");
    const text = Deno.readTextFileSync(path);
    const formatted = formatText(text);
    assert(formatted.ok);
    assertEquals(formatted.text, text);
  });
}
