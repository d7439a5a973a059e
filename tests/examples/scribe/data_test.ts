import { assert, assertEquals } from "@std/assert";
import {
  positions,
  readWords,
  scribeCourse,
  type TaskName,
  taskNames,
} from "../../../examples/scribe/data.ts";
import { answersOf, type Lesson, type Part, textOf } from "../../../examples/training/course.ts";
import { makeTokenizer } from "../../../examples/training/tokenizer.ts";
import { randomFrom } from "../../../base/random.ts";
import { tokenizerFrom } from "../../../runtime/models/tokenizer.ts";
import { SPLITS, taskFromGenerator } from "../../../runtime/tasks/mod.ts";
import { evaluate } from "../../runtime/tasks/boolean_value.ts";

const words = readWords();
const course = scribeCourse(words);
const { encode, files } = makeTokenizer(course, 128);

function draw(task: TaskName, part: Part, count: number): Lesson[] {
  const random = randomFrom(5, task, part);
  return Array.from({ length: count }, () => course.draw(task, part, random));
}

/** The longest text before a place that is a whole expression. */
function largestBefore(text: string): string {
  const line = text.slice(text.lastIndexOf("\n") + 1).replace(/ is$/, "");
  for (let start = 0; start < line.length; start++) {
    const candidate = line.slice(start);
    if (!/^(\(|not |True|False)/.test(candidate)) continue;
    try {
      evaluate(candidate);
      return candidate;
    } catch {
      // Not an expression: a parenthesis has no other half.
    }
  }
  throw new Error(`no expression in ${line}`);
}

Deno.test("wherever an expression or a part of one ends, its value is asked", () => {
  let asked = 0;
  for (const task of ["boolean_instruction", "boolean_few_shot"] as const) {
    for (const { pieces } of draw(task, "train", 60)) {
      let text = "";
      for (const piece of pieces) {
        text += piece.text;
        const value = evaluate(largestBefore(text)) ? " True" : " False";
        assertEquals(piece.answers, [value], text);
        asked++;
      }
      // Every literal and every closing parenthesis, and each expression once more after `is`.
      const expressions = text.replace(/.*Boolean expression is True or False\.\n/, "")
        .replaceAll(/ is (True|False)\n/g, " is\n");
      assertEquals(pieces.length, expressions.match(/True|False|\)| is/g)!.length, text);
    }
  }
  assert(asked > 2000);
});

Deno.test("a docstring asks for the argument after the one documented last, rows for the word that came after", () => {
  for (const lesson of draw("docstring", "train", 200)) {
    const text = textOf(lesson);
    const names = text.match(/\(self, (.*)\)/)![1].split(", ");
    const documented = [...text.matchAll(/:param (\w+):/g)].map((match) => match[1]);
    assertEquals(documented, names.slice(0, documented.length));
    assertEquals(answersOf(lesson), [` ${names[documented.length]}`]);
  }
  for (const lesson of draw("induction", "train", 200)) {
    const row = textOf(lesson).replace("Repeat: ", "").split(" ");
    const last = row.at(-1)!;
    assertEquals(answersOf(lesson), [` ${row[row.indexOf(last) + 1]}`]);
  }
});

Deno.test("pieces are cut where the tokenizer cuts, prompts fit, and all answers are single tokens", async () => {
  const tokenizer = await tokenizerOf();
  for (const task of taskNames) {
    for (const part of ["train", "held_out"] as const) {
      for (const lesson of draw(task, part, 100)) {
        const tokens = encode(textOf(lesson));
        assertEquals(tokens, await tokenizer.encode(textOf(lesson)));
        assertEquals(lesson.pieces.flatMap(({ text }) => [...encode(text)]), [...tokens]);
        assert(tokens.length <= positions, `${tokens.length} tokens`);
      }
    }
  }
  const single = [...words.words, ...words.arguments, "True", "False"].map((word) => ` ${word}`);
  assertEquals(single.filter((word) => encode(word).length !== 1), []);
});

Deno.test("no held-out combination occurs in training", () => {
  const combinations: Record<TaskName, (lesson: Lesson) => string[]> = {
    boolean_instruction: expressionsOf,
    boolean_few_shot: expressionsOf,
    docstring: (lesson) => [textOf(lesson).match(/\(self, (.*)\)/)![1].split(", ").sort().join()],
    induction: (lesson) => [textOf(lesson).split(" ").slice(1, 5).join(" ")],
  };
  function expressionsOf(lesson: Lesson): string[] {
    return textOf(lesson).split("\n").filter((line) => / is( |$)/.test(line))
      .map((line) => line.replace(/ is.*$/, "")).filter((line) => !line.startsWith("Work"));
  }
  for (const task of taskNames) {
    const train = new Set(draw(task, "train", 600).flatMap(combinations[task]));
    // Of a few-shot prompt only the question is held out.
    const heldOut = draw(task, "held_out", 600).map((lesson) => combinations[task](lesson).at(-1)!);
    assertEquals(heldOut.filter((combination) => train.has(combination)), [], task);
  }
});

Deno.test("both Boolean forms: in 3,000 pairs each the twin has the other value and only literals differ, token by token", async () => {
  const tokenizer = await tokenizerOf();
  for (const form of ["instruction", "few_shot"]) {
    const { examples } = await taskFromGenerator(
      {
        name: form,
        generator: "boolean_expressions",
        options: { form, shots: 2 },
        metric: "logit_difference",
        examples: { train: 1000, validation: 1000, test: 1000 },
        seed: 3,
      },
      tokenizer,
      { contextLength: 128 },
    );
    const clean = new Set<string>();
    for (const example of SPLITS.flatMap((split) => examples[split])) {
      clean.add(example.clean);
      const [question, twin] = [example.clean, example.corrupted].map((text) =>
        text.slice(text.lastIndexOf("\n") + 1).replace(/ is$/, "")
      );
      const value = evaluate(question);
      assert(evaluate(twin) === !value, `${question} / ${twin}`);
      assertEquals(tokenizer.tokenText(example.answers[0]), value ? " True" : " False");
      assertEquals(example.cleanTokens.length, example.corruptedTokens.length);
      example.cleanTokens.forEach((token, i) => {
        const other = example.corruptedTokens[i];
        if (token === other) return;
        const both = [token, other].map((each) => tokenizer.tokenText(each).trim()).sort();
        assertEquals(both, ["False", "True"], `${question} / ${twin}`);
      });
    }
    assertEquals(clean.size, 3000);
  }
});

function tokenizerOf() {
  return tokenizerFrom(
    JSON.parse(files["tokenizer.json"]),
    JSON.parse(files["tokenizer_config.json"]),
  );
}
