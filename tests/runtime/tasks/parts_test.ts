import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  alignDifferent,
  alignEqual,
  bucketByLength,
  conditionText,
  holds,
  linesOf,
  makeTask,
  numberRange,
  showSamples,
  type TaskCondition,
  TaskError,
  variablesOfCondition,
} from "../../../runtime/tasks/mod.ts";
import { FRESH, IOI } from "./definitions.ts";
import { toyTokenizer } from "./tokenizer.ts";

Deno.test("ranges keep leading zeros", () => {
  assertEquals(numberRange("08", "11", "t"), ["08", "09", "10", "11"]);
  assertEquals(numberRange("8", "11", "t"), ["8", "9", "10", "11"]);
  assertEquals(numberRange("00", "2", "t"), ["00", "01", "02"]);
  assertEquals(numberRange("098", "100", "t"), ["098", "099", "100"]);
  assertEquals(numberRange("-2", "1", "t"), ["-2", "-1", "0", "1"]);
  assertThrows(() => numberRange("5", "3", "t"), TaskError, "the range 5..3 goes down");
  assertThrows(
    () => numberRange("1.5", "3", "t"),
    TaskError,
    "whole numbers: this is 1.5",
  );
  assertThrows(() => numberRange("0", "1000000", "t"), TaskError, "more than 1000000");
});

Deno.test("lines of a file are trimmed, empty ones and the byte-order mark left out", () => {
  assertEquals(linesOf("\uFEFFMary\r\n  John \n\n\nZoë\n"), ["Mary", "John", "Zoë"]);
});

Deno.test("conditions compare numbers as numbers and the rest as text", () => {
  const variable = (name: string) => ({ kind: "variable" as const, name });
  const literal = (value: string) => ({ kind: "literal" as const, value });
  const compare = (
    left: string,
    operator: "==" | "!=" | "<" | "<=" | ">" | ">=",
    right: string,
  ): TaskCondition => ({
    kind: "compare",
    operator,
    left: literal(left),
    right: literal(right),
  });
  const cases: [TaskCondition, boolean][] = [
    [compare("05", "==", "5"), true],
    [compare("10", ">", "9"), true],
    [compare("10", "<=", "9"), false],
    [compare("-1", "<", "0.5"), true],
    [compare("a", "!=", "b"), true],
    [compare("a", "==", "A"), false],
    [{ kind: "in", operand: literal("x"), values: ["y", "x"] }, true],
    [{ kind: "not", condition: compare("1", ">=", "1") }, false],
    [{ kind: "and", left: compare("1", "==", "1"), right: compare("1", "==", "2") }, false],
    [{ kind: "or", left: compare("1", "==", "1"), right: compare("1", "==", "2") }, true],
  ];
  for (const [condition, expected] of cases) {
    assertEquals(holds(condition, {}, "t"), expected, conditionText(condition));
  }
  const both: TaskCondition = {
    kind: "and",
    left: { kind: "compare", operator: ">", left: variable("y"), right: variable("year") },
    right: { kind: "not", condition: { kind: "in", operand: variable("y"), values: ["50", "x"] } },
  };
  assertEquals(conditionText(both), '(y > year and not y in [50, "x"])');
  assertEquals(variablesOfCondition(both), ["y", "year"]);
  assertEquals(holds(both, { y: "51", year: "050" }, "t"), true);
  assertThrows(() => holds(both, { y: "51" }, "t"), TaskError, "`year`, which nothing declares");
  assertThrows(
    () => holds(both, { y: "51", year: "soon" }, "t"),
    TaskError,
    '`>` compares numbers, and "soon" is not one',
  );
});

Deno.test("tokens stand in columns, with what differs marked", () => {
  const row = (label: string, text: string) => ({ label, tokens: text.split("|") });
  assertEquals(
    alignEqual(row("clean", "When| Mary| left\n"), row("corrupted", "When| Jo| left\n")),
    [
      "  clean      When ·Mary ·left\\n",
      "  corrupted  When ·Jo   ·left\\n",
      "                  ^^^^^",
    ].join("\n"),
  );
  assertEquals(
    alignDifferent(row("clean", "So| Mary| is"), row("corrupted", "So| Bar|tho|lo| is")),
    [
      "  clean      So ·Mary        ·is",
      "  corrupted  So ·Bar  tho lo ·is",
      "                ^^^^^ ^^^ ^^",
    ].join("\n"),
  );
  // Wide characters take two columns, and long prompts are cut into blocks.
  assertEquals(
    alignEqual(row("a", "日本|x"), row("b", "ab|x")),
    "  a  日本 x\n  b  ab   x\n     ^^^^",
  );
  const long = Array.from({ length: 40 }, (_, i) => ` word${i}`).join("|");
  const blocks = alignEqual(
    row("clean", long),
    row("corrupted", long.replace("word33", "other")),
    80,
  ).split("\n");
  assert(blocks.every((line) => line.length <= 80));
  assertEquals(blocks.filter((line) => line.includes("^")).length, 1);
});

Deno.test("samples show prompts, answers and the task's facts", async () => {
  const tokenizer = toyTokenizer;
  const text = showSamples(await makeTask(IOI, FRESH, tokenizer), 2, tokenizer);
  const lines = text.split("\n");
  assertEquals(
    lines[0],
    "ioi corrupted by fresh_names: train 50, validation 20, test 100; metric logit_difference",
  );
  assertEquals(lines[2], "train 1");
  assert(lines[3].startsWith("  clean      When ·"));
  assert(/^ {2}answer {5}·\w+$/.test(lines[6]), lines[6]);
  assert(/^ {2}wrong {6}·\w+$/.test(lines[7]), lines[7]);
  assertEquals(text.match(/^train \d$/gm), ["train 1", "train 2"]);
});

Deno.test("buckets: all examples once, padding within its bound, lengths merged where that allows", () => {
  const of = (lengths: number[], batch: number, padding?: number) =>
    bucketByLength(
      lengths.map((length) => ({ cleanTokens: new Int32Array(length) })),
      batch,
      padding,
    );
  const lengths = Array.from({ length: 500 }, (_, i) => 5 + (i * i * 7) % 37);
  for (const padding of [0, 0.125, 0.5]) {
    const buckets = of(lengths, 16, padding);
    const seen = buckets.flatMap((bucket) => bucket.batches.flat());
    assertEquals(seen.toSorted((a, b) => a - b), lengths.map((_, i) => i));
    for (const { length, members, batches } of buckets) {
      const tokens = members.reduce((sum, i) => sum + lengths[i], 0);
      assert(1 - tokens / (length * members.length) <= padding);
      assertEquals(Math.max(...members.map((i) => lengths[i])), length);
      assert(batches.slice(0, -1).every((batch) => batch.length === 16));
    }
  }
  assertEquals(of(lengths, 16, 0).length, new Set(lengths).size);
  assert(of(lengths, 16).length < new Set(lengths).size / 2);
  assertEquals(of([9, 8, 20, 8], 2).map((b) => [b.length, b.batches]), [[9, [[0, 1], [3]]], [20, [[
    2,
  ]]]]);
  assertEquals(of([], 4), []);
  assertThrows(() => of([1], 0), RangeError, "current value is 0");
  assertThrows(() => of([1], 1, 1), RangeError, "current value is 1");
});
