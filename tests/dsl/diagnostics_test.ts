import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type Diagnostic,
  renderDiagnostics,
  SHOWN,
  sortDiagnostics,
} from "../../dsl/text/diagnostics.ts";
import { helpFor } from "../../base/help_line.ts";
import { displayWidth } from "../../base/display_width.ts";
import { linesOf } from "../../dsl/text/source.ts";
import { placeOf } from "../support/place.ts";

function at(start: number, end: number, message = "no good", help?: string): Diagnostic {
  return {
    file: "a.circ",
    span: { start, end },
    severity: "error",
    message,
    ...(help && { help }),
  };
}

Deno.test("a diagnostic shows place, line, span and help", () => {
  const text = "let x = 1\n  using slw\n";
  assertEquals(
    renderDiagnostics([at(18, 21, "unknown schedule `slw`", "did you mean `slow`?")], {
      file: "a.circ",
      text,
    }),
    "a.circ:2:9: error: unknown schedule `slw`\n" +
      "  2 |   using slw\n" +
      "    |         ^^^\n" +
      "    = help: did you mean `slow`?\n",
  );
});

Deno.test("carets stand under wide characters, tabs and the end of a line", () => {
  const shown = renderDiagnostics([at(1, 3)], { file: "a.circ", text: "\t日本 x" });
  assertEquals(shown.split("\n").slice(1, 3), ["  1 |   日本 x", "    |   ^^^^"]);
  const end = renderDiagnostics([at(3, 3)], { file: "a.circ", text: "let\n" });
  assertEquals(end.split("\n")[2], "    |    ^");
});

Deno.test("a long line is cut around the span, and control characters are made harmless", () => {
  const text = "x".repeat(5000) + "\x1b[31m" + "y".repeat(5000);
  const shown = renderDiagnostics([at(5000, 5005)], { file: "a.circ", text });
  assert(shown.split("\n").every((line) => line.length < 140));
  assert(!shown.includes("\x1b"));
});

Deno.test("diagnostics are sorted, repeats removed, and at most twenty shown", () => {
  const many = Array.from({ length: 30 }, (_, i) => at(29 - i, 30 - i, `number ${29 - i}`));
  assertEquals(sortDiagnostics([...many, at(3, 4, "number 3")]).length, 30);
  const shown = renderDiagnostics(many, { file: "a.circ", text: "x".repeat(40) });
  assertEquals(shown.match(/error:/g)!.length, SHOWN);
  assert(shown.endsWith("and 10 more\n"));
  assert(shown.startsWith("a.circ:1:1: error: number 0\n"));
});

Deno.test("columns count code points", () => {
  assertEquals(linesOf("🙂🙂x").position(4), { line: 1, column: 3 });
  assertEquals(linesOf("a\r\nb").text(1), "a");
  assertEquals(displayWidth("é日🙂"), 5);
});

Deno.test("tests find a place in a script as diagnostics do", () => {
  const text = "let a = 1\n🙂 let b = a\nlet c = 2";
  for (const piece of ["let a", "b = a", "c = 2"]) {
    const { line, column } = linesOf(text).position(text.indexOf(piece));
    assertEquals(placeOf(text, piece), `${line}:${column}`);
  }
  assertEquals(placeOf(text, "let «b"), "2:7");
  assertThrows(() => placeOf(text, "let"), Error, "once");
});

Deno.test("help lists what there is where no name is near", () => {
  assertEquals(helpFor("q", ["a", "b"], "there are"), "there are: `a`, `b`");
});
