import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  combinationCount,
  type CorruptionDefinition,
  generatePairs,
  makeTask,
  SPLITS,
  type TaskDefinition,
  TaskError,
} from "../../../runtime/tasks/mod.ts";
import { FRESH, GREATER, IOI, NAMES, OTHER_YEAR } from "./definitions.ts";
import { madeUp, toyTokenizer } from "./tokenizer.ts";

const IOI_FORM = /^When (\w+) and (\w+) went to the (\w+), (\w+) gave a (\w+) to$/;

Deno.test("indirect object: names are different, answers follow the clean names, and the twin's names are fresh", () => {
  const pairs = generatePairs(IOI, FRESH);
  for (const split of SPLITS) {
    assertEquals(pairs[split].length, IOI.examples[split]);
    for (const { clean, corrupted, answers, wrong } of pairs[split]) {
      const [, first, second, place, giver, thing] = IOI_FORM.exec(clean)!;
      const twin = IOI_FORM.exec(corrupted)!;
      assert(first !== second && (giver === first || giver === second), clean);
      assertEquals(answers, [` ${giver === first ? second : first}`]);
      assertEquals(wrong, [` ${giver}`]);
      assertEquals([twin[3], twin[5]], [place, thing]);
      assert(twin[1] !== twin[2] && (twin[4] === twin[1]) === (giver === first), corrupted);
      assert(![first, second].includes(twin[1]) && ![first, second].includes(twin[2]), corrupted);
    }
  }
  const orders = new Set(pairs.test.map(({ clean }) => {
    const [, first, , , giver] = IOI_FORM.exec(clean)!;
    return giver === first;
  }));
  assertEquals(orders.size, 2, "both templates are used");
});

Deno.test("no clean prompt occurs twice, in one split or in two", () => {
  for (const [task, corruption] of [[IOI, FRESH], [GREATER, OTHER_YEAR]] as const) {
    const pairs = generatePairs(task, corruption);
    const all = SPLITS.flatMap((split) => pairs[split].map((pair) => pair.clean));
    assertEquals(new Set(all).size, all.length);
  }
});

Deno.test("the seed decides everything; another seed or corruption changes what it should", () => {
  assertEquals(generatePairs(IOI, FRESH), generatePairs(IOI, FRESH));
  const clean = (task: TaskDefinition, corruption: CorruptionDefinition) =>
    generatePairs(task, corruption).test.map((pair) => pair.clean);
  assert(clean(IOI, FRESH).join() !== clean({ ...IOI, seed: 8 }, FRESH).join());
  const swap: CorruptionDefinition = {
    name: "swapped",
    changes: [{ kind: "swap", variables: ["A", "B"] }],
  };
  assertEquals(clean(IOI, FRESH), clean(IOI, swap), "two corruptions share their clean prompts");
});

Deno.test("a split's prompts do not depend on how many the others ask for", () => {
  const few = generatePairs({ ...IOI, examples: { train: 5, validation: 1, test: 100 } }, FRESH);
  const many = generatePairs(
    { ...IOI, examples: { train: 500, validation: 90, test: 120 } },
    FRESH,
  );
  assertEquals(few.test.map((p) => p.corrupted), many.test.slice(0, 100).map((p) => p.corrupted));
  assertEquals(few.train.map((p) => p.clean), many.train.slice(0, 5).map((p) => p.clean));
});

Deno.test("every combination can be used up, and one more is refused with both numbers", () => {
  const small: TaskDefinition = {
    ...GREATER,
    groups: [
      { kind: "different", names: ["event"], values: ["war", "project"] },
      { kind: "different", names: ["century"], values: ["13"] },
      { kind: "different", names: ["year"], values: ["10", "20", "30"] },
    ],
    examples: { train: 1, validation: 0, test: 5 },
  };
  assertEquals(combinationCount(small), 6);
  assertEquals(
    new Set(SPLITS.flatMap((s) => generatePairs(small, OTHER_YEAR)[s].map((p) => p.clean))).size,
    6,
  );
  assertThrows(
    () => generatePairs({ ...small, examples: { train: 2, validation: 0, test: 5 } }, OTHER_YEAR),
    TaskError,
    "there are 6 different prompts, and 7 examples are asked for (train 2, validation 0, test 5)",
  );
  // A prompt that leaves a variable out has fewer different texts than combinations.
  assertThrows(
    () => generatePairs({ ...small, prompts: ["The year {century} {year} and"] }, OTHER_YEAR),
    TaskError,
    "there are 3 different prompts",
  );
});

Deno.test("combinations beyond the list are drawn, and their count does not overflow", () => {
  const values = Array.from({ length: 2000 }, (_, i) => `w${i}`);
  const large: TaskDefinition = {
    ...IOI,
    groups: [{ kind: "different", names: ["A", "B", "C", "D", "E", "F"], values }],
    prompts: ["{A} {B} {C} {D} {E} {F}"],
    examples: { train: 300, validation: 300, test: 300 },
  };
  assertEquals(combinationCount(large), Infinity);
  const pairs = generatePairs(large, FRESH);
  for (const { clean } of pairs.test) assertEquals(new Set(clean.split(" ")).size, 6);
  assertEquals(combinationCount(IOI), 2 * (NAMES.length * (NAMES.length - 1)) * 4 * 3);
});

Deno.test("all ordered pairs of a group come about equally often", () => {
  const task: TaskDefinition = {
    ...IOI,
    groups: [
      { kind: "different", names: ["A", "B"], values: ["x", "y", "z"] },
      { kind: "different", names: ["n"], values: Array.from({ length: 2000 }, (_, i) => `${i}`) },
    ],
    prompts: ["{A} {B} {n}"],
    examples: { train: 0, validation: 0, test: 3000 },
  };
  const counts = new Map<string, number>();
  for (const { clean } of generatePairs(task, FRESH).test) {
    const key = clean.split(" ").slice(0, 2).join("");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assertEquals(counts.size, 6);
  for (const [key, count] of counts) assert(Math.abs(count - 500) < 90, `${key}: ${count}`);
});

Deno.test("greater-than: answers are the later years, wrong ones the earlier, compared as numbers", () => {
  const pairs = generatePairs(GREATER, OTHER_YEAR);
  for (const { clean, corrupted, answers, wrong } of pairs.train) {
    const year = Number(/year \d\d (\d\d) to/.exec(clean)![1]);
    assertEquals(answers.length, 99 - year);
    assertEquals(wrong.length, year);
    assertEquals(answers[0], ` ${String(year + 1).padStart(2, "0")}`);
    assertEquals(wrong[0], " 00");
    assert(clean !== corrupted && clean.slice(-2) === corrupted.slice(-2));
  }
});

Deno.test("rows keep values together, and a redraw differs in every redrawn variable", () => {
  const pronoun: TaskDefinition = {
    ...IOI,
    groups: [{
      kind: "rows",
      names: ["name", "right", "wrong"],
      rows: [["Mary", "she", "he"], ["John", "he", "she"], ["Nora", "she", "he"], [
        "Paul",
        "he",
        "she",
      ]],
    }],
    prompts: ["So {name} is such a good friend, isn't", "Yes, {name} is a clever student, isn't"],
    answers: [{ text: " {right}" }],
    wrong: [{ text: " {wrong}" }],
    examples: { train: 2, validation: 2, test: 4 },
  };
  const flip: CorruptionDefinition = {
    name: "flip",
    changes: [{ kind: "redraw", variables: ["right"] }],
  };
  const women = ["Mary", "Nora"];
  for (const { clean, corrupted, answers } of generatePairs(pronoun, flip).test) {
    const name = (text: string) => /(Mary|John|Nora|Paul)/.exec(text)![1];
    assertEquals(answers, [women.includes(name(clean)) ? " she" : " he"]);
    assert(women.includes(name(clean)) !== women.includes(name(corrupted)));
  }
  // The same with conditional answers over one list, and a corruption that asks for another answer.
  const inList = (values: string[]) => ({
    kind: "in" as const,
    operand: { kind: "variable" as const, name: "name" },
    values,
  });
  const conditional: TaskDefinition = {
    ...pronoun,
    groups: [{ kind: "different", names: ["name"], values: ["Mary", "John", "Nora", "Paul"] }],
    answers: [{ text: " she", where: inList(women) }, {
      text: " he",
      where: inList(["John", "Paul"]),
    }],
    wrong: [],
  };
  const other: CorruptionDefinition = {
    name: "other",
    changes: [{ kind: "redraw", variables: ["name"] }],
    changesAnswer: true,
  };
  for (const { clean, corrupted, answers } of generatePairs(conditional, other).test) {
    assertEquals(answers, [/Mary|Nora/.test(clean) ? " she" : " he"]);
    assert(/Mary|Nora/.test(clean) !== /Mary|Nora/.test(corrupted));
  }
});

Deno.test("swap, replace, own prompts and conditions", () => {
  const of = (corruption: Omit<CorruptionDefinition, "name">, task: TaskDefinition = IOI) =>
    generatePairs(task, { name: "c", ...corruption }).test;
  for (const { clean, corrupted } of of({ changes: [{ kind: "swap", variables: ["A", "B"] }] })) {
    const [a, b] = [IOI_FORM.exec(clean)!, IOI_FORM.exec(corrupted)!];
    assertEquals([a[1], a[2]], [b[2], b[1]]);
  }
  const first = of({ changes: [{ kind: "replace", variable: "year", with: "01" }] }, GREATER);
  for (const { corrupted } of first) assertStringIncludes(corrupted, " 01 to");
  const abc: TaskDefinition = {
    ...IOI,
    groups: [{ kind: "different", names: ["A", "B", "C"], values: NAMES }, ...IOI.groups.slice(1)],
  };
  const threeNames = of({
    changes: [{ kind: "redraw", variables: ["A", "B", "C"] }],
    prompts: ["When {A} and {B} went to the {place}, {C} gave a {thing} to"],
  }, abc);
  for (const { clean, corrupted } of threeNames) {
    const [a, b] = [IOI_FORM.exec(clean)!, IOI_FORM.exec(corrupted)!];
    assertEquals(new Set([a[1], a[2], b[1], b[2], b[4]]).size, 5, corrupted);
  }
  const earlier = of({
    changes: [{ kind: "redraw", variables: ["year"] }],
    where: {
      kind: "compare",
      operator: "<",
      left: { kind: "variable", name: "year" },
      right: { kind: "variable", name: "clean.year" },
    },
  }, {
    ...GREATER,
    where: {
      kind: "compare",
      operator: ">",
      left: { kind: "variable", name: "year" },
      right: { kind: "literal", value: "50" },
    },
  });
  for (const { clean, corrupted } of earlier) {
    const year = (text: string) => Number(/year \d\d (\d\d) to/.exec(text)![1]);
    assert(year(clean) > 50 && year(corrupted) < year(clean));
  }
});

Deno.test("a short list is redrawn as far as it goes, and too short a one is refused", () => {
  const tiny = (values: string[]): TaskDefinition => ({
    ...IOI,
    groups: [{ kind: "different", names: ["A", "B"], values }, ...IOI.groups.slice(1)],
    examples: { train: 2, validation: 0, test: 4 },
  });
  for (const { clean, corrupted } of generatePairs(tiny(["Mary", "John", "Paul"]), FRESH).test) {
    const [a, b] = [IOI_FORM.exec(clean)!, IOI_FORM.exec(corrupted)!];
    assert(a[1] !== b[1] && a[2] !== b[2] && b[1] !== b[2], `${clean} / ${corrupted}`);
  }
  const one: CorruptionDefinition = {
    name: "one",
    changes: [{ kind: "redraw", variables: ["A"] }],
  };
  assertThrows(
    () => generatePairs(tiny(["Mary", "John"]), one),
    TaskError,
    "2 values are too few to redraw A with other ones",
  );
});

Deno.test("tokens: lengths, single-token answers and the examples' form", async () => {
  const task = await makeTask(IOI, FRESH, toyTokenizer, { contextLength: 64 });
  const example = task.examples.test[0];
  assertEquals(example.cleanTokens.length, example.corruptedTokens.length);
  assertEquals(example.answers.length, 1);
  assertEquals(
    toyTokenizer.decode([...example.cleanTokens, example.answers[0]]),
    example.clean + toyTokenizer.decode([...example.answers]),
  );
  assertEquals([task.name, task.corruption, task.metric, task.notes], [
    "ioi",
    "fresh_names",
    "logit_difference",
    [],
  ]);
  const later = await makeTask(GREATER, OTHER_YEAR, toyTokenizer);
  for (const { answers, wrong } of later.examples.test) {
    assertEquals(answers.length + wrong.length, 99);
  }
});

Deno.test("unequal lengths show both tokenisations in columns", async () => {
  const task: TaskDefinition = {
    ...IOI,
    groups: [
      { kind: "different", names: ["A", "B"], values: ["Mary", "Bartholomew"] },
      ...IOI.groups.slice(1),
      { kind: "different", names: ["C"], values: ["Mary", "John"] },
    ],
    prompts: ["{C} met {A} at the {place}, {thing}"],
    answers: [{ text: " {C}" }],
    wrong: [],
    examples: { train: 1, validation: 0, test: 0 },
  };
  const error = await assertRejects(
    () =>
      makeTask(
        task,
        { name: "c", changes: [{ kind: "swap", variables: ["A", "B"] }] },
        toyTokenizer,
      ),
    TaskError,
    "task ioi, train example 1: the clean prompt has",
  );
  const lines = error.message.split("\n");
  assert(lines[1].startsWith("  clean ") && lines[2].startsWith("  corrupted "), error.message);
  const column = lines[1].indexOf("·at");
  assertEquals(lines[2].slice(column, column + 3), "·at", error.message);
  assert(lines[3].includes("^"), error.message);
});

Deno.test("what is wrong with answers is said with its pieces", async () => {
  const answer = (text: string, wrong: string[] = []) => () =>
    makeTask(
      { ...IOI, answers: [{ text }], wrong: wrong.map((text) => ({ text })) },
      FRESH,
      toyTokenizer,
    );
  await assertRejects(answer(" Bartholomew"), TaskError, 'the answer " Bartholomew" is ');
  const spaced = await assertRejects(answer("{A}"), TaskError, "tokens where one is needed");
  assert(/" \w+" is one token/.test(spaced.help), spaced.help);
  await assertRejects(answer(""), TaskError, "an answer is empty");
  await assertRejects(answer(" {A}", [" {A}"]), TaskError, "is both a right and a wrong answer");
  const never = {
    kind: "compare" as const,
    operator: "==" as const,
    left: { kind: "literal" as const, value: "1" },
    right: { kind: "literal" as const, value: "2" },
  };
  await assertRejects(
    () => makeTask({ ...IOI, answers: [{ text: " {A}", where: never }] }, FRESH, toyTokenizer),
    TaskError,
    "there is no right answer to",
  );
  await assertRejects(
    () => makeTask(IOI, FRESH, toyTokenizer, { contextLength: 8 }),
    TaskError,
    "the model takes at most 8",
  );
});

Deno.test("tokens that the tokenizer has and the model lacks are refused, wherever they are", async () => {
  const words = ["is", "a", "b", "yes", "no", "<new>"];
  const encode = (text: string) => text.split(" ").map((word) => words.indexOf(word));
  const tokenizer = madeUp(encode, (token) => words[token], words.length, " ");
  const make = (values: string[], prompt: string, right: string, wrong: string) =>
    makeTask(
      {
        ...IOI,
        groups: [{ kind: "different", names: ["x"], values }],
        prompts: [prompt],
        answers: [{ text: ` ${right}` }],
        wrong: [{ text: ` ${wrong}` }],
        examples: { train: 1, validation: 0, test: 0 },
      },
      { name: "c", changes: [{ kind: "redraw", variables: ["x"] }] },
      tokenizer,
      { vocabulary: 5 },
    );
  assertEquals((await make(["a", "b"], "is {x}", "yes", "no")).examples.train.length, 1);
  const cases: [Promise<unknown>, string][] = [
    [make(["a", "b"], "is {x}", "<new>", "no"), "the right answer"],
    [make(["a", "b"], "is {x}", "yes", "<new>"), "the wrong answer"],
    [make(["a", "b"], "<new> {x}", "yes", "no"), "the clean prompt"],
  ];
  for (const [made, part] of cases) {
    const error = await assertRejects(() => made, TaskError);
    assertStringIncludes(
      error.message,
      `there is no token 5: the model has tokens 0..4. It is in ${part}, which is "<new>"`,
    );
  }
});

Deno.test("an answer that melts into the prompt's last token is taken alone, and noted", async () => {
  // Digits in pairs, but "1700" as a whole: what GPT-2 does with round years.
  const words = ["17", "00", "45", "1700", " in"];
  const encode = (text: string) => {
    const tokens: number[] = [];
    for (let rest = text; rest !== "";) {
      const word = words.toSorted((a, b) => b.length - a.length).find((word) =>
        rest.startsWith(word)
      )!;
      tokens.push(words.indexOf(word));
      rest = rest.slice(word.length);
    }
    return tokens;
  };
  const tokenizer = madeUp(encode, (token) => words[token], words.length);
  const task = await makeTask(
    {
      ...IOI,
      groups: [{ kind: "different", names: ["x"], values: ["17", "45"] }],
      prompts: ["{x} in17"],
      answers: [{ text: "45" }, { text: "00" }],
      wrong: [],
      examples: { train: 1, validation: 0, test: 0 },
    },
    { name: "c", changes: [{ kind: "redraw", variables: ["x"] }] },
    tokenizer,
  );
  assertEquals([...task.examples.train[0].answers], [2, 1]);
  assertEquals(task.notes?.length, 1);
  assertStringIncludes(task.notes![0], 'the answer "00" melts into the last token of a prompt');
});

Deno.test("definitions that do not hold together are refused by name", () => {
  const cases: [Partial<TaskDefinition>, string][] = [
    [{ prompts: ["Hello {who}"] }, "no variable is called `who`"],
    [{ prompts: ["Hello {A"] }, "is never closed"],
    [{ prompts: ["Hello A}"] }, "was never opened"],
    [{ prompts: [] }, "there is no prompt"],
    [{ answers: [] }, "there is no answer"],
    [{ answers: [{ text: "{y}" }] }, "no variable is called `y`"],
    [{ answers: [{ text: "{A}", each: { variable: "A", values: ["1"] } }] }, "already a variable"],
    [
      { groups: [{ kind: "different", names: ["A", "B"], values: ["Mary"] }] },
      "take different values, and there is only 1",
    ],
    [
      { groups: [{ kind: "different", names: ["A", "B"], values: ["x", "y", "x"] }] },
      'the value "x" of A, B is listed twice',
    ],
    [
      { groups: [...IOI.groups, { kind: "different", names: ["A"], values: ["x"] }] },
      "`A` is declared twice",
    ],
    [
      { groups: [{ kind: "rows", names: ["A", "B"], rows: [["x", "y"], ["z"]] }] },
      "row 2 has 1 values",
    ],
    [{ examples: { train: -1, validation: 0, test: 0 } }, "this is -1"],
    [{ seed: 0.5 }, "`seed` must be a whole number"],
  ];
  for (const [change, message] of cases) {
    assertThrows(() => generatePairs({ ...IOI, ...change }, FRESH), TaskError, message);
  }
  const corruptions: [Omit<CorruptionDefinition, "name">, string][] = [
    [{ changes: [] }, "nothing is changed"],
    [{ changes: [{ kind: "redraw", variables: ["Z"] }] }, "no variable is called `Z`"],
    [{ changes: [{ kind: "swap", variables: ["A", "A"] }] }, "`A` is named twice"],
    [{ changes: [{ kind: "replace", variable: "A", with: "{Q}" }] }, "no variable is called `Q`"],
    [{ changes: [{ kind: "replace", variable: "A", with: "{A}" }] }, "leaves the prompt as it is"],
    [
      { changes: [{ kind: "redraw", variables: ["A"] }], prompts: ["x", "y", "z"] },
      "there are 3 prompts where the task has 2",
    ],
    [
      { changes: [{ kind: "redraw", variables: ["place"] }], changesAnswer: true },
      "does not change the answer",
    ],
  ];
  for (const [corruption, message] of corruptions) {
    assertThrows(() => generatePairs(IOI, { name: "c", ...corruption }), TaskError, message);
  }
});

Deno.test("prompts may hold braces", () => {
  const task: TaskDefinition = { ...IOI, prompts: ["{{{A}}} and {B} {place} {thing}"] };
  const [pair] = generatePairs(task, FRESH).train;
  assert(/^\{\w+\} and/.test(pair.clean), pair.clean);
});
