/**
 * Lists of words in diagnostics, which grow with the language: an expected text names a list, and the records say what it holds.
 *
 * @module
 */
import { columns } from "../../../dsl/reference/columns.ts";
import {
  COMMAND_WORDS,
  DECLARATION_WORDS,
  FIELD_WORDS,
  QUERY_WORDS,
} from "../../../dsl/syntax/tokens.ts";
import { methods } from "../../../runtime/discovery/mod.ts";
import { gradientNames } from "../../../runtime/metrics/mod.ts";

const plain = (words: readonly string[]) => words.join(", ");
const quoted = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(", ");

const LISTS: Readonly<Record<string, string>> = {
  "<words of statements>": plain([...DECLARATION_WORDS, ...COMMAND_WORDS, ...QUERY_WORDS]),
  "<fields of a schedule>": plain(FIELD_WORDS.schedule),
  "<columns of nodes>": quoted(Object.keys(columns.nodes)),
  "<metrics with a gradient>": plain(gradientNames),
  ...Object.fromEntries(
    Object.entries(methods).flatMap(([word, method]) => [
      [`<fields of ${word}>`, plain(method.circuitWords)],
      [`<fields of a schedule for ${word}>`, plain(method.scheduleWords)],
    ]),
  ),
};

/** An expected text with the words of every list that it names. */
export const withLists = (text: string): string =>
  Object.entries(LISTS).reduce((filled, [name, words]) => filled.replaceAll(name, words), text);

/** A text with names for its lists, of those lists that an earlier text names. */
export const namingLists = (text: string, earlier: string): string =>
  Object.entries(LISTS).filter(([name]) => earlier.includes(name))
    .sort(([, a], [, b]) => b.length - a.length)
    .reduce((named, [name, words]) => named.replaceAll(`${words}\n`, `${name}\n`), text);
