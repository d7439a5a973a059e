/** Course of a small model: tasks, whose prompts are drawn at random. @module */
import type { Random } from "../../base/random.ts";

/** Prompts that are trained on, or those that only judge. */
export type Part = "train" | "held_out";

/** A stretch of a prompt, at whose end something may be asked. */
export interface Piece {
  /** Begins and ends where the tokenizer cuts words, so that pieces can be tokenised one by one. */
  readonly text: string;
  /** Right next tokens, all equally likely; absent where nothing is asked. */
  readonly answers?: readonly string[];
  /** Weight of the question in the loss; default: 1. */
  readonly weight?: number;
}

/** A prompt. Its last piece asks the question that it is judged by. */
export interface Lesson {
  readonly pieces: readonly Piece[];
}

/** A model's tasks. */
export interface Course<Task extends string = string> {
  readonly tasks: readonly Task[];
  /** The task of each prompt of a batch, over and over. */
  readonly turns: readonly Task[];
  /** The pattern by which text is cut into words before any merge. */
  readonly words: string;
  draw(task: Task, part: Part, random: Random): Lesson;
}

/** A prompt of one piece. */
export function oneQuestion(text: string, answers: readonly string[]): Lesson {
  return { pieces: [{ text, answers }] };
}

/** The whole prompt as text. */
export function textOf({ pieces }: Lesson): string {
  return pieces.map(({ text }) => text).join("");
}

/** Right answers to the last piece. */
export function answersOf({ pieces }: Lesson): readonly string[] {
  return pieces[pieces.length - 1].answers ?? [];
}

/** 32-bit FNV-1a over UTF-16 code units, then murmur3's last rounds: FNV's low bits alone differ too little between similar texts. */
export function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ h >>> 16, 0x85ebca6b);
  h = Math.imul(h ^ h >>> 13, 0xc2b2ae35);
  return (h ^ h >>> 16) >>> 0;
}

/** The part that a combination belongs to: about a tenth of all are held out. */
export function partOf(combination: string): Part {
  return hash(combination) % 10 === 0 ? "held_out" : "train";
}
