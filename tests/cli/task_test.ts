/** `circ task show` on prompts from files: what is seen, and what is told of files that are wrong. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { placeOf } from "../support/place.ts";
import { circ, inFolder, toy } from "./run_circ.ts";

const row = (name: string, twin = "Vera") =>
  JSON.stringify({
    clean: `So ${name} is a really good neighbour, isn't`,
    corrupted: `So ${twin} is a really good neighbour, isn't`,
    answers: [" he"],
    wrong_answers: [" she"],
  });
const script = (fields: string) => `model toy { from "${toy}" }\n\ntask mine {\n${fields}\n}\n`;
const show = (cwd: string) => circ(["task", "show", "a.circ", "-n", "1"], { cwd });

Deno.test("tokens stand in columns, what differs is marked, and nothing is wider than the terminal", () =>
  inFolder({
    "pairs.jsonl": [row("Hugo"), row("学校", "Zoë".repeat(2))].join("\n"),
    "a.circ": script('data "pairs.jsonl"\nexamples train 1\nseed 3'),
  }, async (cwd) => {
    const { status, err } = await show(cwd);
    assertEquals(status, 2);
    assertStringIncludes(err, "pairs.jsonl:2: the clean prompt has");
    await Deno.writeTextFile(`${cwd}/pairs.jsonl`, row("Hugo"));
    const { out } = await show(cwd);
    assertEquals(
      out,
      `mine corrupted by data: train 1, validation 0, test 0; metric logit_difference

train 1
  clean      So ·Hugo ·is ·a ·really ·good ·neighbour , ·isn 't
  corrupted  So ·Vera ·is ·a ·really ·good ·neighbour , ·isn 't
                ^^^^^
  answer     ·he
  wrong      ·she
`,
    );
    await Deno.writeTextFile(
      `${cwd}/pairs.jsonl`,
      row("Hugo".padEnd(4 + 3 * 30, " of"), "Vera".padEnd(4 + 3 * 30, " of")),
    );
    const long = (await show(cwd)).out.split("\n");
    assert(long.length > 8 && long.every((line) => line.length <= 80), long.join("\n"));
  }));

Deno.test("broken rows refuse the file, or are skipped and told of once", () =>
  inFolder({
    "pairs.jsonl": [row("Hugo"), "{", row("Otto"), "{}"].join("\n"),
    "a.circ": script('data "pairs.jsonl"'),
  }, async (cwd) => {
    const refused = await show(cwd);
    assertEquals([refused.status, refused.out], [2, ""]);
    const place = placeOf(script('data "pairs.jsonl"'), "data");
    assertStringIncludes(refused.err, `a.circ:${place}: error: `);
    assertStringIncludes(refused.err, "pairs.jsonl: 2 of 4 rows are broken");
    assertStringIncludes(refused.err, "pairs.jsonl:2: not JSON: {");
    assertStringIncludes(refused.err, "pairs.jsonl:4: there is no column `clean`");
    await Deno.writeTextFile(`${cwd}/a.circ`, script('data "pairs.jsonl"\nskip broken rows'));
    const skipped = await show(cwd);
    assertEquals(skipped.status, 0, skipped.err);
    assertEquals(skipped.err.match(/2 of 4 rows are broken and were skipped/g)?.length, 1);
    assert(!skipped.out.includes("broken"));
  }));

Deno.test("a file for each split; a prompt in two of them is an error that names both places", () =>
  inFolder({
    "a.jsonl": [row("Hugo"), row("Otto")].join("\n"),
    "b.jsonl": [row("Felix"), row("Otto")].join("\n"),
    "c.jsonl": row("Felix"),
    "a.circ": script('data train "a.jsonl", test "b.jsonl"'),
  }, async (cwd) => {
    const { status, err } = await show(cwd);
    assertEquals(status, 2);
    assertStringIncludes(err, "a clean prompt occurs in another split too: ");
    assertStringIncludes(err, "b.jsonl:2 (test) repeats ");
    assertStringIncludes(err, "a.jsonl:2 (train)");
    await Deno.writeTextFile(`${cwd}/a.circ`, script('data train "a.jsonl", test "c.jsonl"'));
    const right = await show(cwd);
    assertStringIncludes(right.out, "train 2, validation 0, test 1");
  }));

Deno.test("what a script imports is known, and none of its circuits are found", () =>
  inFolder({
    "pairs.jsonl": [row("Hugo"), row("Otto")].join("\n"),
    "b.circ": `model toy { from "${toy}" }\n\ntask other { data "pairs.jsonl" }\n\n` +
      "circuit c {\n  find random\n  in   toy\n  for  other\n  keep 20\n}\n",
    "a.circ": 'import "b.circ"\n\ntask mine { data test "pairs.jsonl" }\n',
  }, async (cwd) => {
    const { status, out, err } = await circ(["task", "show", "a.circ", "--split", "test"], { cwd });
    assertEquals(status, 0, err);
    assertStringIncludes(out, "other corrupted by data: ");
    assertStringIncludes(out, "\n\nmine corrupted by data: train 0, validation 0, test 2");
    assert(!err.includes("random"));
  }));
