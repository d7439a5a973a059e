/** Syntax errors on their way from a rule to the place that recovers from them. @module */
import {
  type IParserErrorMessageProvider,
  type IRecognitionException,
  isRecognitionException,
  type IToken,
  tokenLabel,
} from "../../base/packages/chevrotain.ts";
import type { Span } from "./tree.ts";

/** A mistake with its place and what would help. */
export class Problem extends Error {
  constructor(readonly span: Span, message: string, readonly help?: string) {
    super(message);
  }
}

function found(token: IToken): string {
  return token.image === "" ? "the end of the text" : quoted(token);
}

/** A token as messages show it. */
export function quoted(token: IToken): string {
  const image = shortened(token.image);
  return image.startsWith('"') ? `the text ${image}` : `\`${image}\``;
}

/** The beginning of a long token. */
export function shortened(image: string): string {
  return image.length > 40 ? image.slice(0, 40) + "…" : image;
}

/** Messages in the language's own words. */
export const expectedMessages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, actual }) =>
    `expected ${tokenLabel(expected)}, found ${found(actual)}`,
  buildNotAllInputParsedMessage: ({ firstRedundant }) => `unexpected ${found(firstRedundant)}`,
  buildNoViableAltMessage: ({ actual, customUserDescription, expectedPathsPerAlt }) => {
    const firsts = new Set(expectedPathsPerAlt.flat().map((path) => tokenLabel(path[0])));
    const allowed = customUserDescription ?? listed([...firsts]);
    return `expected ${allowed}, found ${found(actual[0])}`;
  },
  buildEarlyExitMessage: ({ actual, customUserDescription, expectedIterationPaths }) => {
    const firsts = new Set(expectedIterationPaths.map((path) => tokenLabel(path[0])));
    return `expected ${customUserDescription ?? listed([...firsts])}, found ${found(actual[0])}`;
  },
};

function listed(labels: string[]): string {
  if (labels.length > 6) return "a value";
  return labels.length < 2
    ? labels.join("")
    : `${labels.slice(0, -1).join(", ")} or ${labels.at(-1)}`;
}

/**
 * The error that a rule threw, as a problem. An error that is not about the text is thrown again.
 *
 * Where the end of a line lacks a token, the problem points to it rather than to the next line's first word.
 */
export function problemOf(thrown: unknown, text: string): Problem {
  if (thrown instanceof Problem) return thrown;
  if (!(thrown instanceof Error && isRecognitionException(thrown))) throw thrown;
  const { token, previousToken } = thrown as IRecognitionException & { previousToken?: IToken };
  const start = token.image === "" ? text.length : token.startOffset;
  const before = previousToken && previousToken.image !== "" ? previousToken : undefined;
  const beforeEnd = before ? before.startOffset + before.image.length : 0;
  if (before && (token.image === "" || text.slice(beforeEnd, start).includes("\n"))) {
    const message = thrown.message.replace(/, found .*/s, ` after ${quoted(before)}`);
    return new Problem({ start: before.startOffset, end: beforeEnd }, message);
  }
  return new Problem({ start, end: start + token.image.length }, thrown.message);
}
