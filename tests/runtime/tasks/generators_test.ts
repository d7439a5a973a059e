import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type GeneratedDefinition,
  generatePairsBy,
  SPLITS,
  TaskError,
  taskFromGenerator,
} from "../../../runtime/tasks/mod.ts";
import { evaluate } from "./boolean_value.ts";
import { madeUp, toyTokenizer } from "./tokenizer.ts";

const BOOLEAN: GeneratedDefinition = {
  name: "truth",
  generator: "boolean_expressions",
  options: {},
  metric: "logit_difference",
  examples: { train: 300, validation: 50, test: 300 },
  seed: 5,
};

/** Nesting of operators, by parentheses and runs of `not`. */
function depth(text: string): number {
  const tokens = text.replaceAll("(", "( ").replaceAll(")", " )").split(" ");
  let i = 0;
  const operand = (): number => {
    const token = tokens[i++];
    if (token === "not") return 1 + operand();
    if (token !== "(") return 0;
    const inner = expression();
    i++;
    return inner;
  };
  const expression = (): number => {
    const left = operand();
    if (tokens[i] !== "and" && tokens[i] !== "or") return left;
    i++;
    return 1 + Math.max(left, operand());
  };
  return expression();
}

Deno.test("boolean expressions: size, depth, answers, and a twin of the opposite value with the fewest changes", () => {
  const pairs = generatePairsBy(BOOLEAN);
  const sizes = new Set<number>();
  let truths = 0;
  for (const { clean, corrupted, answers, wrong } of SPLITS.flatMap((split) => pairs[split])) {
    const [question, twin] = [clean, corrupted].map((text) => text.replace(/ is$/, ""));
    const literals = question.match(/True|False/g)!.length;
    sizes.add(literals);
    assert(literals >= 3 && literals <= 6 && depth(question) <= 3, question);
    const value = evaluate(question);
    if (value) truths++;
    assertEquals([answers, wrong], value ? [[" True"], [" False"]] : [[" False"], [" True"]]);
    assert(evaluate(twin) !== value, `${question} / ${twin}`);
    assertEquals(twin.replaceAll(/True|False/g, "X"), question.replaceAll(/True|False/g, "X"));
    const flips = question.split(" ").filter((word, i) => word !== twin.split(" ")[i]).length;
    const words = question.split(" ");
    const single = words.some((_, i) => {
      const changed = words.map((word, j) =>
        i === j ? word.replace(/True|False/, (v) => v === "True" ? "False" : "True") : word
      );
      return evaluate(changed.join(" ")) !== value;
    });
    assertEquals(flips === 1, single, `${question} / ${twin}`);
  }
  assertEquals([...sizes].toSorted(), [3, 4, 5, 6]);
  assert(truths > 270 && truths < 380, `${truths} of 650 are true`);
});

Deno.test("instruction and few-shot forms: the same before both questions, and the examples are right", () => {
  for (const form of ["instruction", "few_shot"]) {
    for (
      const { clean, corrupted } of generatePairsBy({ ...BOOLEAN, options: { form, shots: 3 } })
        .test
    ) {
      const before = (text: string) => text.slice(0, text.lastIndexOf("\n") + 1);
      assertEquals(before(clean), before(corrupted));
      assert(
        evaluate(clean.slice(before(clean).length, -3)) !==
          evaluate(corrupted.slice(before(clean).length, -3)),
      );
      if (form === "instruction") continue;
      const shots = before(clean).trimEnd().split("\n");
      assertEquals(shots.length, 3);
      for (const shot of shots) {
        const [, expression, value] = /^(.*) is (True|False)$/.exec(shot)!;
        assertEquals(evaluate(expression), value === "True", shot);
      }
    }
  }
});

Deno.test("generated tasks are seeded, disjoint, and independent of the other splits' sizes", () => {
  const pairs = generatePairsBy(BOOLEAN);
  assertEquals(generatePairsBy(BOOLEAN), pairs);
  const all = SPLITS.flatMap((split) => pairs[split].map((pair) => pair.clean));
  assertEquals(new Set(all).size, all.length);
  const smaller = generatePairsBy({
    ...BOOLEAN,
    examples: { train: 10, validation: 0, test: 300 },
  });
  assertEquals(smaller.test, pairs.test);
});

Deno.test("generated tasks are tokenised like any other", async () => {
  // The toy's tokenizer has no truth values: that is said, not worked around.
  await assertRejects(
    () => taskFromGenerator(BOOLEAN, toyTokenizer),
    TaskError,
    "tokens",
  );
  const words = new Map<string, number>();
  const encode = (text: string) =>
    (text.match(/ ?\w+|\W/g) ?? []).map((word) => {
      if (!words.has(word.trim())) words.set(word.trim(), words.size);
      return words.get(word.trim())!;
    });
  const textOf = (token: number) => [...words.keys()][token];
  const tokenizer = madeUp(encode, textOf, 20, " ");
  const task = await taskFromGenerator(BOOLEAN, tokenizer);
  assertEquals([task.corruption, task.examples.test.length], ["opposite_value", 300]);
});

Deno.test("what a generator cannot do is refused", () => {
  const of = (change: Partial<GeneratedDefinition>) => () =>
    generatePairsBy({ ...BOOLEAN, ...change });
  assertThrows(
    of({ generator: "sonnets" }),
    TaskError,
    "unknown generator `sonnets`",
  );
  assertThrows(
    of({ options: { rhyme: 1 } }),
    TaskError,
    "boolean_expressions has no option `rhyme`",
  );
  assertThrows(
    of({ options: { form: "haiku" } }),
    TaskError,
    "`form` must be one of plain, instruction, few_shot: this is haiku",
  );
  assertThrows(
    of({ options: { depth: 0 } }),
    TaskError,
    "`depth` must be a whole number from 1 to 6: this is 0",
  );
  assertThrows(
    of({ options: { most_literals: 1, least_literals: 1 } }),
    TaskError,
    "the generator gave",
  );
});
