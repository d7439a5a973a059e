import { assert, assertEquals } from "@std/assert";
import {
  drawPrompt,
  readLines,
  readWords,
  type TaskName,
  taskNames,
} from "../../../examples/toy/data.ts";
import type { Part } from "../../../examples/training/course.ts";
import { randomFrom } from "../../../base/random.ts";

const words = readWords();

function draw(task: TaskName, part: Part, count: number) {
  const random = randomFrom(5, task, part);
  return Array.from({ length: count }, () => drawPrompt(words, task, part, random));
}

Deno.test("names.txt holds the women's and the men's names, each once", () => {
  const names = readLines("names.txt");
  assertEquals(names, [...words.women, ...words.men].sort());
  assertEquals(new Set(names).size, names.length);
});

Deno.test("the indirect object is named once, the giver twice, in both orders", () => {
  const names = new Set([...words.women, ...words.men]);
  let receiverFirst = 0;
  for (const { text, answers, wrong } of draw("indirect_object", "train", 400)) {
    const named = text.split(/\W+/).filter((word) => names.has(word));
    const [receiver, giver] = [answers[0].slice(1), wrong[0].slice(1)];
    assertEquals(named.length, 3);
    assertEquals(named[2], giver);
    assertEquals(named.slice(0, 2).sort(), [giver, receiver].sort());
    if (named[0] === receiver) receiverFirst++;
  }
  assert(receiverFirst > 150 && receiverFirst < 250, `${receiverFirst} of 400`);
});

Deno.test("every later year of the century is an answer, every earlier one is wrong", () => {
  for (const { text, answers, wrong } of draw("greater_than", "train", 400)) {
    const [, century, year, again] = text.match(/(\d\d)(\d\d)\b.* (\d\d)$/)!;
    assertEquals(century, again);
    assertEquals(answers.map(Number), range(Number(year) + 1, 100));
    assertEquals(wrong.map(Number), range(0, Number(year)));
    assert(answers.length > 0);
  }
});

Deno.test("the pronoun is that of the named person", () => {
  for (const { text, answers, wrong } of draw("pronoun", "train", 400)) {
    const she = words.women.some((name) => text.includes(` ${name} `));
    assertEquals([...answers, ...wrong], she ? [" she", " he"] : [" he", " she"]);
  }
});

Deno.test("no held-out combination occurs in training", () => {
  const names = new Set([...words.women, ...words.men]);
  const combinations: Record<TaskName, (text: string) => string> = {
    indirect_object: (text) =>
      [...new Set(text.split(/\W+/).filter((word) => names.has(word)))].sort().join(),
    greater_than: (text) =>
      `${words.events.find((event) => text.includes(` ${event} `))} ${text.match(/\d{4}/)![0]}`,
    pronoun: (text) => text,
  };
  for (const task of taskNames) {
    const of = (part: Part) =>
      new Set(draw(task, part, 1000).map(({ text }) => combinations[task](text)));
    const train = of("train");
    const shared = [...of("held_out")].filter((combination) => train.has(combination));
    assertEquals(shared, [], task);
  }
});

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, i) => start + i);
}
