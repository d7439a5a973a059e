import { assertEquals, assertStrictEquals } from "@std/assert";
import {
  renderCsv,
  renderJson,
  renderMarkdown,
  renderText,
} from "../../../runtime/tables/forms/mod.ts";
import { cutToWidth, displayWidth } from "../../../base/display_width.ts";
import type { Table } from "../../../runtime/tables/table.ts";

const table: Table = {
  columns: ["from", "to", "weight"],
  rows: [["a5.h5", "a8.h6.v", 0.83], ["tok", "m0", 1.25], ["m|1", 'say "hi", m', null]],
  total: 3912,
  notes: ["a note"],
};

Deno.test("text tables align, and say what they leave out", () => {
  assertStrictEquals(
    renderText(table),
    [
      "from   to           weight",
      "a5.h5  a8.h6.v        0.83",
      "tok    m0             1.25",
      'm|1    say "hi", m',
      "(3 of 3,912 shown)",
      "a note",
      "",
    ].join("\n"),
  );
  assertStrictEquals(
    renderText(table, { width: 16 }),
    [
      "from   to",
      "a5.h5  a8.h6.v",
      "tok    m0",
      'm|1    say "hi"…',
      "(3 of 3,912 sho…",
      "(1 more columns…",
      "a note",
      "",
    ].join("\n"),
  );
  assertStrictEquals(renderText({ columns: ["a"], rows: [] }), "a\n(no rows)\n");
});

Deno.test("no line of a text table is wider than the terminal, whatever it holds", () => {
  const odd: Table = {
    columns: ["表", "b\u001b[31m"],
    rows: [["漢字かな交じり文", "e\u0301e\u0301"], ["👍🏽👍🏽", "line\nbreak"]],
  };
  for (let width = 1; width <= 40; width++) {
    for (const line of renderText(odd, { width }).split("\n")) {
      assertEquals(displayWidth(line) <= width, true, `${width}: ${line}`);
    }
  }
  assertStrictEquals(renderText(odd).includes("\u001b"), false);
});

Deno.test("display width counts columns", () => {
  assertEquals(["abc", "漢字", "e\u0301", "👍🏽", ""].map(displayWidth), [3, 4, 1, 2, 0]);
  assertStrictEquals(cutToWidth("漢字かな", 5), "漢字…");
});

Deno.test("JSON, CSV and Markdown hold the data exactly", () => {
  assertEquals(JSON.parse(renderJson(table)), [
    { from: "a5.h5", to: "a8.h6.v", weight: 0.83 },
    { from: "tok", to: "m0", weight: 1.25 },
    { from: "m|1", to: 'say "hi", m', weight: null },
  ]);
  assertStrictEquals(
    renderJson({ columns: ["count"], rows: [[12345678901234567890n]] }),
    '[\n{"count":12345678901234567890}\n]\n',
  );
  assertStrictEquals(
    renderCsv(table),
    'from,to,weight\r\na5.h5,a8.h6.v,0.83\r\ntok,m0,1.25\r\nm|1,"say ""hi"", m",\r\n',
  );
  assertStrictEquals(
    renderMarkdown(table),
    '| from | to | weight |\n| --- | --- | --- |\n| a5.h5 | a8.h6.v | 0.83 |\n| tok | m0 | 1.25 |\n| m\\|1 | say "hi", m |  |\n',
  );
});

Deno.test("tiny and huge numbers stay readable", () => {
  const text = (values: number[]) => renderText({ columns: ["x"], rows: values.map((v) => [v]) });
  assertStrictEquals(text([0.5, 0.25, 12]), "x\n 0.50\n 0.25\n12.00\n".replace("x\n", "    x\n"));
  assertStrictEquals(text([1e-7, 0.5]), "    x\n1e-7\n 0.5\n".replace("    x", "   x"));
});
