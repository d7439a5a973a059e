/**
 * Citations: every paper that the code, the examples or the documentation cites is in docs/references.md, and the other way
 * round.
 */
import { assert, assertEquals } from "@std/assert";
import { citations, hasSource, references, sourceProblems } from "../docs/check/sources.ts";

const root = new URL("../", import.meta.url);
const list = "docs/references.md";

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

Deno.test("cited papers are listed, and listed papers cited", () => {
  const listed = references.map(([cited]) => cited);
  const cited = [...texts()].filter((path) => path !== list)
    .flatMap((path) => citations(read(path)).map((name) => ({ name, path })));
  assertEquals(cited.filter(({ name }) => !listed.includes(name)), []);
  assertEquals(listed.filter((name) => !cited.some((one) => one.name === name)), []);
});

Deno.test("a listed paper has authors, title, year or venue, and a use", () => {
  assert(references.length > 15);
  assertEquals(references.map(([cited]) => cited), references.map(([cited]) => cited).sort());
  for (const row of references) {
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

Deno.test("every record and module of a formula names its source", () => {
  assertEquals(sourceProblems(), []);
  assert(hasSource('source: "Kendall 1945, Biometrika"') && hasSource("no paper: a share"));
  assert(!hasSource('source: "undefined"') && !hasSource("Nobody et al. 2099"));
});
