/**
 * From text to tokens.
 *
 * Every word is first lexed as an identifier, and the language's own words are found by looking them up: a
 * pattern for each of them would be tried, one after the other, at every word of a script.
 *
 * @module
 */
import { type IToken, Lexer } from "../../base/packages/chevrotain.ts";
import { Identifier, VOCABULARY, W } from "./tokens.ts";

const words = new Set(Object.values(W));

const lexer = new Lexer(VOCABULARY.filter((type) => !words.has(type)), {
  ensureOptimizations: true,
  positionTracking: "onlyOffset",
  skipValidations: true,
});

const wordTypes = new Map(Object.entries(W));

/** A text's tokens and comments, in order. Any text has them, since what means nothing is a token too. */
export function tokenise(
  text: string,
): { readonly tokens: IToken[]; readonly comments: readonly IToken[] } {
  const { tokens, groups } = lexer.tokenize(text);
  for (const token of tokens) {
    if (token.tokenType !== Identifier) continue;
    const type = wordTypes.get(token.image);
    if (type === undefined) continue;
    token.tokenType = type;
    token.tokenTypeIdx = type.tokenTypeIdx!;
  }
  return { tokens, comments: groups.comments };
}
