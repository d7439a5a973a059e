/** The rules of `deno task ok:docs`, on examples of what they refuse. */
import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { badOpenings, problemsOf, type PublicSymbol, shapeless } from "../docs/check/rules.ts";

Deno.test("comments that begin with What, How, Whether or Where are found by their line", () => {
  const text = [
    `${"/**"} Where it is. */`,
    "const a = 1; // What?",
    "/** Somewhere. How? */",
    "/**",
    ` ${"*"} How it works.`,
    " */",
  ];
  assertEquals(badOpenings(text.join("\n")), [1, 4]);
});

const file = fileURLToPath(new URL("../docs/check/rules.ts", import.meta.url));
const symbol: PublicSymbol = {
  name: "one",
  kind: "function",
  file,
  line: 1,
  waits: false,
  comment: { doc: "Does one thing. And another\n" },
  parts: [],
};
const problems = (change: Partial<PublicSymbol>) =>
  problemsOf({ ...symbol, ...change }).map((text) => text.replace(/^.*: /, ""));

Deno.test("a public comment begins with a sentence", () => {
  assertEquals(problems({ comment: { doc: "One thing." } }), []);
  assertEquals(problems({ comment: { doc: "One thing, by name:\n- a" } }), []);
  assertEquals(problems({}), ["the comment begins with no sentence"]);
});

Deno.test("what waits or throws says so, and main functions have examples", () => {
  const comment = { doc: "One thing." };
  assertEquals(problems({ comment, waits: true }), ["@throws is missing"]);
  assertEquals(problems({ comment: { ...comment, tags: [{ kind: "throws" }] }, waits: true }), []);
  assertEquals(problems({ comment, name: "openModel" }), ["@example is missing"]);
});

Deno.test("arrays of numbers have shapes, and numbers that need one a unit", () => {
  const comment = { doc: "One thing." };
  const part = (name: string, type: unknown, doc: string) =>
    problems({ comment, parts: [{ name: `one.${name}`, type, comment: { doc } }] });
  const array = { repr: "Float32Array", kind: "typeRef" };
  assertEquals(part("z", array, "Masks in [0, 1]."), ["the shape is missing"]);
  assertEquals(part("z", array, "Masks [edges] in [0, 1]."), []);
  const number = { repr: "number", kind: "keyword" };
  assertEquals(part("memoryBudget", number, "Memory of all runs.").length, 1);
  assertEquals(part("memoryBudget", number, "Bytes of all runs."), []);
  assertEquals(part("seed", number, "Seed of the draw."), []);
});

Deno.test("exported functions of arrays say the shape", () => {
  const text = (comment: string, type: string) =>
    `${comment}export function one(\n  z: ${type},\n): number {\n  return 1;\n}\n`;
  assertEquals(shapeless(text("/** Masks [edges]. */\n", "Float32Array")), []);
  assertEquals(shapeless(text("/** Masks in [0, 1]. */\n", "Float32Array")), ["one"]);
  assertEquals(shapeless(text("", "{ readonly z: Int32Array }")), ["one"]);
  assertEquals(shapeless(text("", "Uint8Array")), []);
});
