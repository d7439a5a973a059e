/**
 * The toy's three synthetic tasks. Words and templates are the text files beside this one, which
 * `.circ` scripts read too; here they are filled in at random.
 *
 * @module
 */
import type { Random } from "../../base/random.ts";
import { proseWords } from "../training/bpe.ts";
import { type Course, oneQuestion, type Part, partOf } from "../training/course.ts";

export const taskNames = ["indirect_object", "greater_than", "pronoun"] as const;
export type TaskName = typeof taskNames[number];

/** A prompt and its possible continuations, one token each, all equally likely. */
export interface Prompt {
  readonly task: TaskName;
  readonly text: string;
  readonly answers: readonly string[];
  /** The continuations that a model which has not understood would give. */
  readonly wrong: readonly string[];
}

/** The contents of the text files. */
export interface Words {
  readonly women: readonly string[];
  readonly men: readonly string[];
  readonly places: readonly string[];
  readonly things: readonly string[];
  readonly events: readonly string[];
  readonly templates: Readonly<Record<TaskName, readonly string[]>>;
}

/** Centuries are written 11 .. 19; a year of the century 00 .. 99, and the first year of a span is 98 at the latest. */
export const centuries: readonly string[] = Array.from({ length: 9 }, (_, i) => String(11 + i));
export const years: readonly string[] = Array.from(
  { length: 100 },
  (_, i) => String(i).padStart(2, "0"),
);

/** Reads a file beside this module: one entry a line. */
export function readLines(file: string): string[] {
  const text = Deno.readTextFileSync(new URL(file, import.meta.url));
  return text.split("\n").filter((line) => line !== "");
}

export function readWords(): Words {
  const templates = Object.fromEntries(
    taskNames.map((name) => [name, readLines(`${name}.txt`)]),
  ) as Record<TaskName, string[]>;
  return {
    women: readLines("women.txt"),
    men: readLines("men.txt"),
    places: readLines("places.txt"),
    things: readLines("things.txt"),
    events: readLines("events.txt"),
    templates,
  };
}

/**
 * Draws one prompt of a task. About a tenth of all combinations never occur in training and make up
 * the held-out part: of two names (whichever order and place), of event, century and year, of name
 * and sentence.
 */
export function drawPrompt(words: Words, task: TaskName, part: Part, random: Random): Prompt {
  while (true) {
    const { prompt, combination } = generators[task](words, random);
    if (partOf(combination) === part) return prompt;
  }
}

/** The toy's tasks, as many prompts of each. */
export function toyCourse(words: Words): Course<TaskName> {
  return {
    tasks: taskNames,
    turns: taskNames,
    words: proseWords,
    draw: (task, part, random) => {
      const { text, answers } = drawPrompt(words, task, part, random);
      return oneQuestion(text, answers);
    },
  };
}

interface Draw {
  readonly prompt: Prompt;
  /** Key of the prompt: training and held-out prompts share none. */
  readonly combination: string;
}

const generators: Record<TaskName, (words: Words, random: Random) => Draw> = {
  indirect_object(words, random) {
    const names = [...words.women, ...words.men];
    const template = random.choose(words.templates.indirect_object);
    const giver = random.choose(names);
    let receiver = giver;
    while (receiver === giver) receiver = random.choose(names);
    // The one who gives is named last; whether they were named first or second before is a coin's toss.
    const swapped = random.integer(2) === 1 ? swapFirst(template) : template;
    const text = fill(swapped, {
      A: receiver,
      B: giver,
      place: random.choose(words.places),
      thing: random.choose(words.things),
    });
    return {
      prompt: { task: "indirect_object", text, answers: [` ${receiver}`], wrong: [` ${giver}`] },
      combination: [giver, receiver].sort().join(" "),
    };
  },

  greater_than(words, random) {
    const template = random.choose(words.templates.greater_than);
    const event = random.choose(words.events);
    const century = random.choose(centuries);
    const year = random.integer(99);
    return {
      prompt: {
        task: "greater_than",
        text: fill(template, { event, century, year: years[year] }),
        answers: years.slice(year + 1),
        wrong: years.slice(0, year),
      },
      combination: `${event} ${century}${years[year]}`,
    };
  },

  pronoun(words, random) {
    const template = random.choose(words.templates.pronoun);
    const she = random.integer(2) === 1;
    const name = random.choose(she ? words.women : words.men);
    return {
      prompt: {
        task: "pronoun",
        text: fill(template, { name }),
        answers: [she ? " she" : " he"],
        wrong: [she ? " he" : " she"],
      },
      combination: `${name}: ${template}`,
    };
  },
};

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Swaps the two names where they are introduced, and leaves the later mention alone. */
function swapFirst(template: string): string {
  return template.replace(/\{A\}(.*?)\{B\}/, "{B}$1{A}");
}
