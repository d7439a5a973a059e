import { assert, assertEquals } from "@std/assert";
import { formatText } from "../../dsl/format/format.ts";
import { parse } from "../../dsl/syntax/parse.ts";
import { randomFrom } from "./support/random.ts";
import { randomScript, withoutSpans } from "./support/random_script.ts";

function format(text: string): string {
  const formatted = formatText(text);
  assert(formatted.ok, "the text does not parse");
  return formatted.text;
}

/** Comments by their words: signs and blanks around them are the formatter's. */
function commentsOf(text: string): string[] {
  return parse(text).tree.comments.map(({ text }) => text.replace(/^[#\s]+/, "").trim()).sort();
}

/** Number of scripts that are tried: `CIRC_SCRIPTS=20000 deno test -A tests/dsl/format_test.ts` for all. */
const SCRIPTS = Number(Deno.env.get("CIRC_SCRIPTS") ?? 600);

Deno.test(`formatting ${SCRIPTS} random scripts keeps tree and comments, and is idempotent`, () => {
  let good = 0;
  for (let seed = 1; good < SCRIPTS; seed++) {
    assert(seed < 3 * SCRIPTS, `only ${good} of ${seed} random scripts parse`);
    const text = randomScript(randomFrom(seed));
    const parsed = parse(text);
    if (parsed.diagnostics.length > 0) continue;
    good++;
    const once = format(text);
    assertEquals(withoutSpans(parse(once).tree), withoutSpans(parsed.tree), `seed ${seed}`);
    assertEquals(commentsOf(once), commentsOf(text), `seed ${seed}`);
    assertEquals(format(once), once, `seed ${seed}`);
  }
});

Deno.test("a block is set out with its values aligned", () => {
  assertEquals(
    format("circuit c{find eap in toy\n\n\n keep    2%\nfor ioi corrupted   by x}"),
    "circuit c {\n  find eap\n  in   toy\n\n  keep 2%\n  for  ioi corrupted by x\n}\n",
  );
});

Deno.test("a block of one field stays on its line", () => {
  assertEquals(format("model r {\n  from\n  reverse\n}"), "model r { from reverse }\n");
});

Deno.test("comments stay by what they stood by", () => {
  const text = `# first

## Documented.
model toy {   # behind the brace
  # above
from "x" # behind
      # last
}
let x = [1, # inside
  2]   # after
# end`;
  assertEquals(
    format(text),
    `# first

## Documented.
model toy {  # behind the brace
  # above
  from "x"  # behind
  # last
}

# inside
let x = [1, 2]  # after
# end
`,
  );
});

Deno.test("a comment that moves does not become a doc comment", () => {
  const text = "let x = [1,\n## no doc\n2]\n";
  assertEquals(format(text), "# no doc\nlet x = [1, 2]\n");
  assertEquals(format("## doc\nlet x = [1, # c\n2]"), "# c\n## doc\nlet x = [1, 2]\n");
});

Deno.test("long lists are broken within 100 columns", () => {
  const list = Array.from({ length: 40 }, (_, i) => `"value ${i}"`).join(",");
  const text = format(`let x = [${list}]`);
  assert(text.split("\n").every((line) => line.length <= 100));
  assertEquals(format(text), text);
});

Deno.test("a text that does not parse is refused with its diagnostics", () => {
  const formatted = formatText("model {", "a.circ");
  assert(!formatted.ok);
  assertEquals(formatted.diagnostics[0].file, "a.circ");
});

Deno.test("line ends of Windows and a byte order mark are taken", () => {
  assertEquals(format("\ufefflet x = 1\r\n\r\nx\r\n"), "let x = 1\r\n\r\nx\r\n");
});

Deno.test("line ends stay CRLF, and decide nothing else", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const text = randomScript(randomFrom(seed));
    if (!text.includes("\n") || parse(text).diagnostics.length > 0) continue;
    const crlf = format(text.replaceAll(/\r?\n/g, "\r\n"));
    assertEquals(
      crlf.replaceAll("\r\n", "\n"),
      format(text.replaceAll("\r\n", "\n")),
      `seed ${seed}`,
    );
    assert(!/[^\r]\n/.test(crlf), `seed ${seed}`);
    assertEquals(format(crlf), crlf);
  }
  const canonical = "schedule s {\r\n  steps 10\r\n  batch 2\r\n}\r\n";
  assertEquals(format(canonical), canonical);
  // A file of both takes the first line's.
  assertEquals(format("let  a = 1\r\nlet b = 2\n"), "let a = 1\r\nlet b = 2\r\n");
  assertEquals(format("let  a = 1\nlet b = 2\r\n"), "let a = 1\nlet b = 2\n");
});
