/** The scribe's four synthetic tasks: Boolean expressions in two forms, docstrings and repeated words. @module */
import type { Random } from "../../base/random.ts";
import {
  type BooleanExpression,
  booleanText,
  booleanValue,
  drawExpression,
  instruction,
} from "../../runtime/tasks/generators/boolean.ts";
import { type Course, type Lesson, type Part, partOf, type Piece } from "../training/course.ts";

export const taskNames = [
  "boolean_instruction",
  "boolean_few_shot",
  "docstring",
  "induction",
] as const;
export type TaskName = typeof taskNames[number];

/** The contents of the text files. */
export interface Words {
  readonly words: readonly string[];
  readonly arguments: readonly string[];
  readonly functions: readonly string[];
}

/** Reads the text files beside this module: one entry a line. */
export function readWords(): Words {
  const lines = (file: string) =>
    Deno.readTextFileSync(new URL(file, import.meta.url)).split("\n").filter((line) => line !== "");
  return {
    words: lines("words.txt"),
    arguments: lines("arguments.txt"),
    functions: lines("functions.txt"),
  };
}

/** As for prose, but every bracket is a word of its own, so that nested ones stay apart. */
export const codeWords = '"""| ?\\p{L}+| ?\\p{N}{1,2}| ?[^\\s\\p{L}\\p{N}]|\\s+(?!\\S)|\\s+';

/** Tokens that a training prompt of several expressions fills, and that no prompt exceeds. */
export const positions = 72;

/** The scribe's tasks, as many prompts of each. */
export function scribeCourse(words: Words): Course<TaskName> {
  return {
    tasks: taskNames,
    turns: taskNames,
    words: codeWords,
    draw: (task, part, random) => {
      while (true) {
        const { lesson, combination } = generators[task](words, random, part);
        if (partOf(combination) === part) return lesson;
      }
    },
  };
}

interface Draw {
  readonly lesson: Lesson;
  /** Key of the prompt: training and held-out prompts share none. */
  readonly combination: string;
}

const generators: Record<TaskName, (words: Words, random: Random, part: Part) => Draw> = {
  boolean_instruction: (_words, random, part) =>
    part === "train" ? manyExpressions(instruction, random) : oneExpression(instruction, 0, random),

  boolean_few_shot: (_words, random, part) =>
    part === "train" ? manyExpressions("", random) : oneExpression("", 2, random),

  docstring(words, random) {
    const names = different(words.arguments, 3 + random.integer(3), random);
    const phrase = () => `${random.choose(words.words)} ${random.choose(words.words)}`;
    const head = `def ${random.choose(words.functions)}(self, ${names.join(", ")}):\n` +
      `    """${phrase()}\n\n    :param`;
    const documented = 1 + random.integer(names.length - 1);
    const pieces: Piece[] = [{ text: head, answers: [` ${names[0]}`] }];
    for (let i = 0; i < documented; i++) {
      pieces.push({
        text: ` ${names[i]}: ${phrase()}\n    :param`,
        answers: [` ${names[i + 1]}`],
      });
    }
    return { lesson: { pieces }, combination: [...names].sort().join(" ") };
  },

  induction(words, random, part) {
    const row = different(words.words, 4 + random.integer(9), random);
    const word = (i: number) => ` ${row[i % row.length]}`;
    // In training, over and over as far as there is room.
    const last = part === "train" ? positions - 4 : row.length + random.integer(row.length);
    const text = `Repeat:${row.map((_, i) => word(i)).join("")}`;
    const pieces: Piece[] = [];
    for (let i = row.length; i <= last; i++) {
      const before = i === row.length ? text : "";
      pieces.push({ text: before + word(i), answers: [word(i + 1)], weight: inductionWeight });
    }
    return { lesson: { pieces }, combination: row.join(" ") };
  },
};

/** A repeated word is a question of its own, and there are many in a prompt. */
const inductionWeight = 0.2;

/** Weight of a part's value in the loss, where that of the whole expression is 1. */
const partWeight = 0.25;

/** Expressions of which every one is asked, as many as there is room for; `before` stands before the first. */
function manyExpressions(before: string, random: Random): Draw {
  const pieces: Piece[] = [];
  let room = positions;
  let text = "";
  while (true) {
    // Short ones as well: the operators are learned on them.
    const expression = trainingExpression(1, random);
    const line = `${before}${booleanText(expression)} is`;
    room -= tokensOf(line) + 2;
    if (room < 0) return { lesson: { pieces }, combination: "" };
    pieces.push(...questions(text + before, expression));
    text = `${booleanValue(expression) ? " True" : " False"}\n`;
    before = "";
  }
}

function trainingExpression(lower: number, random: Random): BooleanExpression {
  while (true) {
    const expression = drawExpression(random, lower, 6, 3, random.integer(2) === 1);
    if (partOf(booleanText(expression)) === "train") return expression;
  }
}

/** An expression of the kind that the scripts ask, perhaps after some that are answered. */
function oneExpression(before: string, shots: number, random: Random): Draw {
  const answered = Array.from({ length: shots }, () => {
    const expression = trainingExpression(3, random);
    return `${booleanText(expression)} is ${booleanValue(expression) ? "True" : "False"}\n`;
  });
  const expression = drawExpression(random, 3, 6, 3, random.integer(2) === 1);
  return {
    lesson: {
      pieces: [{
        text: `${before}${answered.join("")}${booleanText(expression)} is`,
        answers: [booleanValue(expression) ? " True" : " False"],
      }],
    },
    combination: booleanText(expression),
  };
}

/**
 * The expression's text, cut wherever a part of it ends, where the value of the largest part that ends there is asked:
 * in `(True and False) or True is`, after `True`, `False`, `)` (the first operand) and the last `True` (the whole).
 */
function questions(before: string, expression: BooleanExpression): Piece[] {
  const pieces: Piece[] = [];
  let text = before;
  const answer = (of: BooleanExpression) => [booleanValue(of) ? " True" : " False"];
  const ask = (part: BooleanExpression) => {
    pieces.push({ text, answers: answer(part), weight: partWeight });
    text = "";
  };
  // `largest` is the largest part that ends where this one ends.
  const write = (node: BooleanExpression, inner: boolean, largest: BooleanExpression) => {
    if (node.kind === "literal") {
      text += node.value ? "True" : "False";
      ask(largest);
    } else if (node.kind === "not") {
      text += "not ";
      write(node.operand, true, largest);
    } else {
      if (inner) text += "(";
      write(node.left, true, node.left);
      text += ` ${node.kind} `;
      write(node.right, true, inner ? node : largest);
      if (inner) {
        text += ")";
        ask(largest);
      }
    }
  };
  write(expression, false, expression);
  pieces.push({ text: `${text} is`, answers: answer(expression) });
  return pieces;
}

/**
 * Number of tokens of a line of an expression or of the instruction: words, brackets and stops are one each.
 */
function tokensOf(text: string): number {
  return text.match(/\p{L}+|[^\s\p{L}]|\n/gu)!.length;
}

function different(list: readonly string[], count: number, random: Random): string[] {
  const chosen = new Set<string>();
  while (chosen.size < count) chosen.add(random.choose(list));
  return [...chosen];
}
