/** Tokenizers of tests: the toy fixture's own, and made-up ones. */
import { readTokenizer, type Tokenizer } from "../../../runtime/models/mod.ts";

export const TOY = new URL("../../fixtures/toy/", import.meta.url).pathname;

export const toyTokenizer = (await readTokenizer(TOY))!;

/** A tokenizer made up for a test. */
export function madeUp(
  encode: (text: string) => number[],
  textOf: (token: number) => string,
  vocabulary: number,
  joiner = "",
): Tokenizer {
  return {
    encode,
    encodeAll: (texts) => Promise.resolve(texts.map(encode)),
    encodePlain: encode,
    encodePlainAll: (texts) => Promise.resolve(texts.map(encode)),
    decode: (tokens) => tokens.map(textOf).join(joiner),
    tokenText: textOf,
    vocabulary,
  };
}
