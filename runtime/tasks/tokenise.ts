/** From text to tokens: checks that clean and corrupted prompts line up and that answers are single tokens. @module */
import type { Tokenizer } from "../models/mod.ts";
import { alignDifferent } from "./align.ts";
import { TaskError } from "./error.ts";
import type { TextPair } from "./pair.ts";
import type { Example } from "./task.ts";

/** Options of functions that turn text into tokens. */
export interface TokeniseOptions {
  /** Longest prompt that the model takes, in tokens. */
  readonly contextLength?: number;
}

/** Turns pairs into examples; remembers answers, so that a set of a hundred costs nothing the second time. */
export interface PairTokeniser {
  /** @throws {TaskError} when lengths differ, an answer is not one token, or the prompt is too long or empty */
  example(pair: TextPair): Example;
  /** Remarks that are no errors, each once. */
  notes(): string[];
}

/**
 * A tokeniser of pairs.
 *
 * An answer's token is found by tokenising prompt and answer together: the prompt's own tokens and one more. Where the
 * answer would melt into the prompt's last token (" 17" and "00" becoming " 1700"), the token of the answer without
 * the prompt is taken if it is one token, with a note: the training text of the model rarely has this token there.
 */
export function pairTokeniser(tokenizer: Tokenizer, options: TokeniseOptions = {}): PairTokeniser {
  const answers = new Map<string, number>();
  const melted = new Set<string>();
  const tokenText = (token: number) => tokenizer.tokenText(token);

  function answerToken(
    prompt: string,
    promptTokens: readonly number[],
    answer: string,
    place: string,
  ): number {
    const known = answers.get(answer);
    if (known !== undefined) return known;
    const joint = tokenizer.encode(prompt + answer);
    if (
      joint.length === promptTokens.length + 1 &&
      promptTokens.every((token, i) => joint[i] === token)
    ) {
      const token = joint[promptTokens.length];
      answers.set(answer, token);
      return token;
    }
    const alone = tokenizer.encodePlain(answer);
    if (alone.length !== 1) throw severalTokens(tokenizer, answer, alone, place);
    if (promptTokens.every((token, i) => joint[i] === token)) {
      // The answer is one token without the prompt and several after it; those after the prompt count.
      throw severalTokens(tokenizer, answer, joint.slice(promptTokens.length), place);
    }
    melted.add(
      `the answer ${
        JSON.stringify(answer)
      } melts into the last token of a prompt when both are tokenised together (` +
        `${JSON.stringify(tokenizer.tokenText(joint[joint.length - 1]))}); its own token is used`,
    );
    answers.set(answer, alone[0]);
    return alone[0];
  }

  function example(pair: TextPair): Example {
    const { place } = pair;
    const cleanTokens = tokenizer.encode(pair.clean);
    const corruptedTokens = tokenizer.encode(pair.corrupted);
    checkPrompts(cleanTokens, corruptedTokens, {
      place,
      tokenText,
      contextLength: options.contextLength,
      help:
        "both must have as many tokens: use values that the model's tokenizer writes with equally many",
    });
    const tokensOf = (texts: readonly string[]) => {
      const tokens = texts.map((text) => answerToken(pair.clean, cleanTokens, text, place));
      return Int32Array.from(new Set(tokens));
    };
    const built: Example = {
      clean: pair.clean,
      corrupted: pair.corrupted,
      cleanTokens: new Int32Array(cleanTokens),
      corruptedTokens: new Int32Array(corruptedTokens),
      answers: tokensOf(pair.answers),
      wrong: tokensOf(pair.wrong),
    };
    checkAnswers(built, place, tokenText);
    return built;
  }

  return {
    example,
    notes: () => {
      const all = [...melted];
      return all.length <= 3
        ? all
        : [...all.slice(0, 3), `${all.length - 3} more answers melt into a prompt likewise`];
    },
  };
}

/** @throws {TaskError} when prompts are empty, differ in their number of tokens, or are longer than the model's context */
export function checkPrompts(
  clean: readonly number[],
  corrupted: readonly number[],
  { place, tokenText, contextLength = Infinity, help }: {
    readonly place: string;
    readonly tokenText: (token: number) => string;
    readonly contextLength?: number;
    /** A remedy for prompts that differ in their number of tokens. */
    readonly help?: string;
  },
): void {
  if (clean.length === 0) throw new TaskError(place, "the clean prompt is empty");
  if (clean.length !== corrupted.length) {
    const rows = alignDifferent(
      { label: "clean", tokens: clean.map(tokenText) },
      { label: "corrupted", tokens: corrupted.map(tokenText) },
    );
    throw new TaskError(
      place,
      `the clean prompt has ${clean.length} tokens and the corrupted one ${corrupted.length}\n${rows}`,
      help,
      { clean: clean.length, corrupted: corrupted.length },
    );
  }
  if (clean.length > contextLength) {
    throw new TaskError(
      place,
      `the prompt has ${clean.length} tokens, and the model takes at most ${contextLength}`,
    );
  }
}

/** @throws {TaskError} when there is no answer, or a token is right and wrong at once */
export function checkAnswers(
  example: Example,
  place: string,
  tokenText: (token: number) => string,
): void {
  if (example.answers.length === 0) {
    throw new TaskError(
      place,
      `there is no right answer to ${JSON.stringify(example.clean)}`,
      undefined,
      { prompt: example.clean },
    );
  }
  const both = example.wrong.find((token) => example.answers.includes(token));
  if (both !== undefined) {
    throw new TaskError(
      place,
      `${JSON.stringify(tokenText(both))} is both a right and a wrong answer to ${
        JSON.stringify(example.clean)
      }`,
    );
  }
}

function severalTokens(
  tokenizer: Tokenizer,
  answer: string,
  pieces: readonly number[],
  place: string,
): TaskError {
  if (pieces.length === 0) return new TaskError(place, "an answer is empty");
  const shown = pieces.map((token) => JSON.stringify(tokenizer.tokenText(token))).join(" + ");
  const other = answer.startsWith(" ") ? answer.slice(1) : ` ${answer}`;
  const help = other !== "" && tokenizer.encodePlain(other).length === 1
    ? `${JSON.stringify(other)} is one token: a word that follows a space is written with the space`
    : "choose values that the model's tokenizer writes as one token";
  return new TaskError(
    place,
    `the answer ${JSON.stringify(answer)} is ${pieces.length} tokens where one is needed: ${shown}`,
    help,
    { answer },
  );
}
