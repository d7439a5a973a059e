/**
 * A message stands in one place: what the checker can know, it says, and a run does not say it again.
 */
import { assertEquals } from "@std/assert";

const root = new URL("../../", import.meta.url);

function* modules(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, root))) {
    if (isDirectory) yield* modules(`${folder}${name}/`);
    else if (name.endsWith(".ts")) yield folder + name;
  }
}

/** Literal pieces of texts of at least 20 characters, each with its file. */
function texts(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of modules(folder)) {
    const code = Deno.readTextFileSync(new URL(path, root))
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .replace(/^\s*\/\/.*$/gm, "")
      .replace(/\bfrom\s*"[^"]*"/g, "");
    const literals = code.matchAll(
      /"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g,
    );
    for (const [, double, single, template] of literals) {
      for (const piece of (double ?? single ?? template).split(/\$\{[^}]*\}/)) {
        if (piece.trim().length >= 20) found.set(piece.trim(), path);
      }
    }
  }
  return found;
}

Deno.test("no message stands in the checker and in the interpreter", () => {
  const [checker, interpreter] = [texts("dsl/check/"), texts("dsl/interpret/")];
  const both = [...checker].filter(([text]) => interpreter.has(text))
    .map(([text, path]) => `${path} and ${interpreter.get(text)}: ${text}`);
  assertEquals(both, []);
  assertEquals(checker.size > 100 && interpreter.size > 20, true);
});
