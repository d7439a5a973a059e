import { assertEquals, assertThrows } from "@std/assert";
import { barChart, tableBars } from "../../../dsl/repl/bars.ts";
import { UserError } from "../../../base/user_error.ts";
import { initPath } from "../../../dsl/repl/user_file.ts";

Deno.test("the init file lives in the directory for configuration", () => {
  const of = (values: Record<string, string>) => initPath((name) => values[name]);
  assertEquals(of({ XDG_CONFIG_HOME: "/c", HOME: "/h" }), "/c/circ/init.circ");
  assertEquals(of({ HOME: "/h" }), "/h/.config/circ/init.circ");
  assertEquals(of({ CIRC_INIT: "/x.circ", HOME: "/h" }), "/x.circ");
  assertEquals(of({ CIRC_INIT: "", HOME: "/h" }), undefined);
  assertEquals(of({}), undefined);
});

Deno.test("bars stand on one scale, and what is not 0 is seen", () => {
  const bars = tableBars({
    columns: ["name", "score"],
    rows: [["a", 100], ["天", -50], ["c", 0.01], ["d", 0], ["e", null]],
  });
  assertEquals(
    barChart(bars, 21),
    [
      "a   ########## 100",
      "天  ----- -50",
      "c   # 0.01",
      "d   0",
      "e   ",
    ].join("\n"),
  );
  assertThrows(() => tableBars({ columns: ["name"], rows: [["a"]] }), UserError);
});
