/**
 * Citations: every paper that the code, the examples or the documentation cites is in docs/references.md, and the other way
 * round.
 */
import { assert, assertEquals } from "@std/assert";

const root = new URL("../", import.meta.url);
const list = "docs/references.md";

const citation =
  /(\p{Lu}[\p{L}-]+(?: et al\.| (?:&|and) \p{Lu}[\p{L}-]+)),? \(?((?:19|20)\d\d)\b/gu;

/** A paper of one author, which is told from other words by its place: the beginning of a record's `source`. */
const ofOne = /\bsource: "(?:after )?(\p{Lu}[\p{L}-]+) ((?:19|20)\d\d),/gu;

/** Citations of a text as `Name et al. YEAR`; a comment's line breaks do not matter. */
function citations(text: string): string[] {
  const flowing = text.replace(/\s*\n\s*(?:\*|\/\/|#)?\s*/g, " ");
  return [citation, ofOne].flatMap((pattern) => [...flowing.matchAll(pattern)])
    .map(([, names, year]) => `${names} ${year}`);
}

function* texts(folder = ""): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, root))) {
    const path = folder + name;
    if (isDirectory) {
      const skipped = name.startsWith(".") || name === "node_modules" || name === "runs" ||
        path === "tests" || path === "examples/models";
      if (!skipped) yield* texts(`${path}/`);
    } else if (/\.(ts|md|circ)$/.test(name)) yield path;
  }
}

const read = (path: string) => Deno.readTextFileSync(new URL(path, root));
const rows = read(list).split("\n").filter((line) => /^\| .* \|$/.test(line)).slice(2)
  .map((line) => line.slice(2, -2).split(" | "));

Deno.test("cited papers are listed, and listed papers cited", () => {
  const listed = rows.map(([cited]) => cited);
  const cited = [...texts()].filter((path) => path !== list)
    .flatMap((path) => citations(read(path)).map((name) => ({ name, path })));
  assertEquals(cited.filter(({ name }) => !listed.includes(name)), []);
  assertEquals(listed.filter((name) => !cited.some((one) => one.name === name)), []);
});

Deno.test("a listed paper has authors, title, year or venue, and a use", () => {
  assert(rows.length > 15);
  assertEquals(rows.map(([cited]) => cited), rows.map(([cited]) => cited).sort());
  for (const row of rows) {
    assertEquals(row.length, 4, row[0]);
    const [cited, paper, published, use] = row;
    assert(paper.includes(cited.split(" ")[0]) && paper.includes(": "), paper);
    assert(/\d{4}/.test(published), published);
    assert(use.length > 0, cited);
  }
});

Deno.test("citations are found across line breaks and in parentheses", () => {
  const text = "as Hanna et\n * al. 2024\n/** (Li & Janson\n * 2024) and Bhaskar et al. (2024) */";
  assertEquals(citations(text), ["Hanna et al. 2024", "Li & Janson 2024", "Bhaskar et al. 2024"]);
  assertEquals(citations('source: "Voorhees 1999, TREC-8", in Paris 1999, as'), ["Voorhees 1999"]);
});
