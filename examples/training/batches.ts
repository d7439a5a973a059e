/** Prompts as the tensors that the graphs take. @module */
import type { Random } from "../../base/random.ts";
import type { Course, Lesson } from "./course.ts";
import type { Batch } from "./model.ts";

/** Text to token numbers, no special tokens. */
export type Encode = (text: string) => readonly number[];

export interface TrainingBatch {
  /** [N] */
  readonly tokens: Int32Array;
  /** [N, V]: see `trainingGraph`. */
  readonly targets: Float32Array;
}

/**
 * Weight in the loss of all words that are no answers, where an answer's is 1. These words make the model one of the
 * language that it is fed; the answers make the circuits.
 */
const textWeight = 0.1;

/** Draws a batch with as many prompts of every task as the course's turns have, to the nearest. */
export function drawBatch(
  course: Course,
  encode: Encode,
  { prompts, positions }: Batch,
  vocabulary: number,
  padding: number,
  random: Random,
): TrainingBatch {
  const tokens = new Int32Array(prompts * positions).fill(padding);
  const targets = new Float32Array(prompts * positions * vocabulary);
  for (let i = 0; i < prompts; i++) {
    const lesson = course.draw(course.turns[i % course.turns.length], "train", random);
    const text: number[] = [];
    const asked = new Set<number>();
    const target = (row: number, token: number, weight: number) => {
      targets[(i * positions + row) * vocabulary + token] += weight / prompts;
    };
    for (const piece of lesson.pieces) {
      text.push(...encode(piece.text));
      if (piece.answers === undefined) continue;
      const weight = piece.weight ?? 1;
      asked.add(text.length - 1);
      for (const answer of piece.answers) {
        target(text.length - 1, tokenOf(answer, encode), weight / piece.answers.length);
      }
    }
    placeTokens(tokens, text, i, positions);
    for (let row = 0; row + 1 < text.length; row++) {
      if (!asked.has(row)) target(row, text[row + 1], textWeight / (text.length - 1));
    }
  }
  return { tokens, targets };
}

/** Tokens of prompts that are only asked, padded on the right. */
export function promptTokens(
  texts: readonly (readonly number[])[],
  { prompts, positions }: Batch,
  padding: number,
): Int32Array {
  const tokens = new Int32Array(prompts * positions).fill(padding);
  texts.forEach((text, i) => placeTokens(tokens, text, i, positions));
  return tokens;
}

function placeTokens(tokens: Int32Array, text: readonly number[], i: number, positions: number) {
  if (text.length > positions) {
    throw new RangeError(
      `Cannot place a prompt as it must have at most ${positions} tokens: current value is ${text.length}`,
    );
  }
  tokens.set(text, i * positions);
}

/** The number of a continuation that must be one token. */
export function tokenOf(text: string, encode: Encode): number {
  const tokens = encode(text);
  if (tokens.length !== 1) {
    throw new RangeError(
      `Cannot use ${
        JSON.stringify(text)
      } as an answer as it must be one token: current value is ${tokens.length} tokens`,
    );
  }
  return tokens[0];
}

/** A fixed number of held-out prompts of one task. */
export function heldOutPrompts(
  course: Course,
  task: string,
  count: number,
  random: Random,
): Lesson[] {
  return Array.from({ length: count }, () => course.draw(task, "held_out", random));
}
