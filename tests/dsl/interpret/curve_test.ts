/** Measures of a curve are asked of circuits whose scores rank enough edges. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ScriptError } from "../../../dsl/interpret/error.ts";
import { ioiScript } from "../../support/toy_scripts.ts";
import { outcomeOf } from "../support/outcome.ts";

const head = ioiScript({ train: 4, test: 4 });
const circuit = (name: string, fields: string) =>
  `circuit ${name} { in toy for ioi corrupted by strangers ${fields} }\n`;
const hint = circuit("hint", "find eap keep 100");

Deno.test("a curve that the scores do not rank is refused before the search", async () => {
  const cases: readonly (readonly [string, string])[] = [
    // The benchmark's sizes are 81 (5 %), 162 (10 %), 324 and 810 of 1,620 edges.
    [
      hint + circuit("c", "find eap keep 20 within hint"),
      "`c` has scores of 100 of 1,620 edges, and its curve takes the best 162",
    ],
    // A quarter of all edges stays for Edge Pruning.
    [
      circuit("c", "find hybrid keep 20"),
      "`c` has scores of 405 of 1,620 edges, and its curve takes the best 810",
    ],
  ];
  for (const [found, message] of cases) {
    for (const measure of ["cpr", "cmd", "log_area"]) {
      const notes: string[] = [];
      const text = `${head}${found}expect ${measure}(c) < 1\n`;
      const error = await assertRejects(
        () => outcomeOf(text, { onNote: (note) => void notes.push(note) }),
        ScriptError,
      );
      assertStringIncludes(error.message, message);
      assertEquals(notes, []);
    }
  }
});

Deno.test("`by all` leaves out what the scores of a circuit do not give, and keeps it for the others", async () => {
  const { tables: [{ columns, rows }] } = await outcomeOf(
    `${head}${hint}${circuit("c", "find eap keep 20 within hint")}evaluate hint, c by all\n`,
  );
  const cells = (name: string) => rows.map((row) => row[columns.indexOf(name)]);
  for (const measure of ["cpr", "cmd", "log_area"]) {
    assertEquals(cells(measure).map((cell) => typeof cell), ["object", "number", "object"]);
  }
  assertEquals(cells("minimality").map((cell) => typeof cell), ["object", "number", "number"]);
});
