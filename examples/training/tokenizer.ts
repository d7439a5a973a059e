/** A small model's tokenizer, learned from the training text. @module */
import { randomFrom } from "../../base/random.ts";
import type { Encode } from "./batches.ts";
import {
  encoderOf,
  endOfText,
  learn,
  tokenizerConfigJson,
  tokenizerJson,
  type Vocabulary,
} from "./bpe.ts";
import { answersOf, type Course, textOf } from "./course.ts";

/** Sentences that the vocabulary is learned from: enough that every word of every list occurs often. */
const sentences = 20_000;
const rarestPair = 20;

export interface LearntTokenizer {
  readonly encode: Encode;
  readonly vocabulary: number;
  /** The number of `<|endoftext|>`. */
  readonly endOfText: number;
  /** Contents by file name. */
  readonly files: Readonly<Record<string, string>>;
}

/** Learns the vocabulary, which does not depend on the training's seed, so that token numbers are the same for all. */
export function makeTokenizer(course: Course, contextLength: number): LearntTokenizer {
  const vocabulary = learn(trainingText(course), rarestPair, course.words);
  const files = {
    "tokenizer.json": tokenizerJson(vocabulary, course.words),
    "tokenizer_config.json": tokenizerConfigJson(contextLength),
  };
  return {
    encode: encoderOf(vocabulary, course.words),
    vocabulary: vocabulary.tokens.length,
    endOfText: numberOf(endOfText, vocabulary),
    files,
  };
}

function numberOf(token: string, { tokens }: Vocabulary): number {
  return tokens.indexOf(token);
}

function* trainingText({ turns, draw }: Course): Generator<string> {
  const random = randomFrom("vocabulary");
  for (let i = 0; i < sentences; i++) {
    const lesson = draw(turns[i % turns.length], "train", random);
    yield `${textOf(lesson)}${random.choose(answersOf(lesson))}.`;
  }
}
