/** From text to tokens: checks that clean and corrupted prompts line up and that answers are single tokens. @module */
import { ModelError, type Tokenizer } from "../models/mod.ts";
import { alignDifferent } from "./align.ts";
import { TaskError } from "./error.ts";
import type { TextPair } from "./pair.ts";
import type { Example } from "./task.ts";

/** Options of functions that turn text into tokens. */
export interface TokeniseOptions {
  /** Longest prompt that the model takes, in tokens. */
  readonly contextLength?: number;
  /** Number of tokens that the model knows; a tokenizer may have more. */
  readonly vocabulary?: number;
}

/** Turns pairs into examples; remembers answers, so that a set of a hundred costs nothing the second time. */
export interface PairTokeniser {
  /**
   * The examples of pairs, in order and as they are asked for. An error stands in the place of a pair whose prompts differ in length, are empty or
   * too long, or with an answer that is not one token.
   */
  examples(pairs: readonly TextPair[]): AsyncIterable<Example | TaskError>;
  /** Remarks that are no errors, each once. */
  notes(): string[];
}

/** Pairs tokenised at once. */
export const PAIRS_AT_ONCE = 1000;

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
  let known = new Map<string, number[]>();
  const encode = async (text: string) => known.get(text) ?? (await tokenizer.encodeAll([text]))[0];

  async function answerToken(
    prompt: string,
    promptTokens: readonly number[],
    answer: string,
    place: string,
  ): Promise<number> {
    const token = answers.get(answer);
    if (token !== undefined) return token;
    const joint = await encode(prompt + answer);
    if (
      joint.length === promptTokens.length + 1 &&
      promptTokens.every((token, i) => joint[i] === token)
    ) {
      const token = joint[promptTokens.length];
      answers.set(answer, token);
      return token;
    }
    const alone = (await tokenizer.encodePlainAll([answer]))[0];
    if (alone.length !== 1) throw await severalTokens(tokenizer, answer, alone, place);
    if (promptTokens.every((token, i) => joint[i] === token)) {
      // The answer is one token without the prompt and several after it; those after the prompt count.
      throw await severalTokens(tokenizer, answer, joint.slice(promptTokens.length), place);
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

  async function example(pair: TextPair): Promise<Example> {
    const { place } = pair;
    const cleanTokens = await encode(pair.clean);
    const corruptedTokens = await encode(pair.corrupted);
    checkPrompts(cleanTokens, corruptedTokens, {
      place,
      tokenText,
      contextLength: options.contextLength,
      help:
        "both must have as many tokens: use values that the model's tokenizer writes with equally many",
    });
    const tokensOf = async (texts: readonly string[]) => {
      const tokens = new Set<number>();
      for (const text of texts) tokens.add(await answerToken(pair.clean, cleanTokens, text, place));
      return Int32Array.from(tokens);
    };
    const built: Example = {
      clean: pair.clean,
      corrupted: pair.corrupted,
      cleanTokens: new Int32Array(cleanTokens),
      corruptedTokens: new Int32Array(corruptedTokens),
      answers: await tokensOf(pair.answers),
      wrong: await tokensOf(pair.wrong),
    };
    checkKnown(built, options.vocabulary ?? Infinity, place, tokenText);
    checkAnswers(built, place, tokenText);
    return built;
  }

  /** Tokenises what pairs will ask for, all at once. Where one text cannot be written, each is tokenised alone. */
  async function prepare(pairs: readonly TextPair[]): Promise<void> {
    const seen = new Set(answers.keys());
    const texts = new Set(pairs.flatMap(({ clean, corrupted }) => [clean, corrupted]));
    for (const { clean, answers, wrong } of pairs) {
      for (const answer of [...answers, ...wrong]) {
        if (seen.has(answer)) continue;
        seen.add(answer);
        texts.add(clean + answer);
      }
    }
    const asked = [...texts];
    const encoded = await tokenizer.encodeAll(asked).catch((error) => {
      if (!(error instanceof ModelError)) throw error;
      return [];
    });
    known = new Map(encoded.map((tokens, i) => [asked[i], tokens]));
  }

  return {
    async *examples(pairs) {
      for (let start = 0; start < pairs.length; start += PAIRS_AT_ONCE) {
        const part = pairs.slice(start, start + PAIRS_AT_ONCE);
        await prepare(part);
        for (const pair of part) {
          yield await example(pair).catch((error) => asTaskError(error, pair.place));
        }
      }
    },
    notes: () => {
      const all = [...melted];
      return all.length <= 3
        ? all
        : [...all.slice(0, 3), `${all.length - 3} more answers melt into a prompt likewise`];
    },
  };
}

/** The error about a pair; others are thrown on. */
function asTaskError(error: unknown, place: string): TaskError {
  if (error instanceof TaskError) return error;
  if (error instanceof ModelError) return new TaskError(place, error.message, error.help);
  throw error;
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

/** @throws {TaskError} when a prompt or an answer has a token that the model does not know */
export function checkKnown(
  { cleanTokens, corruptedTokens, answers, wrong }: {
    readonly [part in "cleanTokens" | "corruptedTokens" | "answers" | "wrong"]: Iterable<number>;
  },
  vocabulary: number,
  place: string,
  tokenText?: (token: number) => string,
): void {
  const parts: [string, Iterable<number>][] = [
    ["the clean prompt", cleanTokens],
    ["the corrupted prompt", corruptedTokens],
    ["the right answer", answers],
    ["the wrong answer", wrong],
  ];
  for (const [part, tokens] of parts) {
    for (const token of tokens) {
      if (token < vocabulary) continue;
      const text = tokenText === undefined ? "" : `, which is ${JSON.stringify(tokenText(token))}`;
      throw new TaskError(
        place,
        `there is no token ${token}: the model has tokens 0..${
          vocabulary - 1
        }. It is in ${part}${text}`,
        text === ""
          ? undefined
          : "the tokenizer in the model's folder has more tokens than the model",
      );
    }
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

async function severalTokens(
  tokenizer: Tokenizer,
  answer: string,
  pieces: readonly number[],
  place: string,
): Promise<TaskError> {
  if (pieces.length === 0) return new TaskError(place, "an answer is empty");
  const shown = pieces.map((token) => JSON.stringify(tokenizer.tokenText(token))).join(" + ");
  const other = answer.startsWith(" ") ? answer.slice(1) : ` ${answer}`;
  const help = other !== "" && (await tokenizer.encodePlainAll([other]))[0].length === 1
    ? `${JSON.stringify(other)} is one token: a word that follows a space is written with the space`
    : "choose values that the model's tokenizer writes as one token";
  return new TaskError(
    place,
    `the answer ${JSON.stringify(answer)} is ${pieces.length} tokens where one is needed: ${shown}`,
    help,
    { answer },
  );
}
