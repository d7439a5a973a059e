/** A model's own tokenizer, from `tokenizer.json` and the files beside it. @module */
import type { Tokenizer } from "./architecture.ts";
import { ModelError } from "./errors.ts";
import { describeTokenizer } from "./tokenizer/description.ts";
import { type FolderFiles, readTokenizerFiles } from "./tokenizer/files.ts";
import { type Encoded, type Library, openLibrary } from "./tokenizer/library.ts";

type Json = Record<string, unknown>;

/**
 * Reads a folder's tokenizer; null when no file describes one.
 *
 * @throws {ModelError} when a file is damaged or describes a tokenizer that is not implemented.
 */
export async function readTokenizer(folder: string): Promise<Tokenizer | null> {
  const files = await readTokenizerFiles(folder);
  return files === null ? null : await tokenizerOf(files);
}

/**
 * Builds a tokenizer from the contents of `tokenizer.json` and `tokenizer_config.json`.
 *
 * @throws {ModelError} when they describe a tokenizer that is not implemented.
 */
export function tokenizerFrom(description: Json, config: Json): Promise<Tokenizer> {
  const others = { config, specialTokensMap: null, addedTokens: null };
  return tokenizerOf({ path: "tokenizer.json", description, ...others });
}

async function tokenizerOf({ path, description, ...files }: FolderFiles): Promise<Tokenizer> {
  const { json, numbers } = describeTokenizer(path, description, files);
  const library = await openLibrary(path, json);
  for (const { content, id } of json.added_tokens as { content: string; id: number }[]) {
    const given = library.numberOf(content);
    if (given === id) continue;
    throw new ModelError(
      `${path}: the token ${JSON.stringify(content)} is declared as ${id}, and is read as ${given}`,
      "added tokens follow the vocabulary without gaps, each once and in the order of their ids",
    );
  }
  // Many decoders drop a space at the beginning: what a token adds shows only behind another.
  const anchor = anchorOf(library, numbers);
  const before = library.decode(anchor);
  const continued = (tokens: readonly number[]) =>
    library.decode([...anchor, ...tokens]).slice(before.length);
  const encodeAll = async (texts: readonly string[]) =>
    (await library.encode(texts, true)).map(encodedOf);
  /** The way to encode a continuation that gives its text back. */
  const chosen = (text: string, encoded: readonly Encoded[]) => {
    const ways = waysOf(text, encoded);
    return ways.find((tokens) => sameText(continued(tokens), text)) ?? ways[0];
  };
  return {
    encode: (text) => encodedOf(library.encodeNow(text, true)),
    encodeAll,
    encodePlain: (text) =>
      chosen(text, textsToTry(text).map((each) => library.encodeNow(each, false))),
    async encodePlainAll(texts) {
      const each = texts.map(textsToTry);
      const encoded = await library.encode(each.flat(), false);
      return texts.map((text, i) => chosen(text, encoded.splice(0, each[i].length)));
    },
    decode: library.decode,
    tokenText: (token) => {
      const text = continued([token]);
      // A part of a character has no text of its own; the tokenizer's name for it is better than none.
      return text === "" || text.includes("\ufffd") ? library.nameOf(token) ?? "" : text;
    },
    vocabulary: 1 + [...numbers.values()].reduce((most, id) => Math.max(most, id), -1),
  };
}

function encodedOf(encoded: Encoded): number[] {
  if (encoded instanceof ModelError) throw encoded;
  return encoded;
}

/** A token whose text is a plain word, behind which others show what they add; none where there is no such token. */
function anchorOf(library: Library, numbers: ReadonlyMap<string, number>): number[] {
  for (const name of ["\u2581a", "a"]) {
    const id = numbers.get(name);
    if (id !== undefined) return [id];
  }
  for (const id of numbers.values()) if (/^[\p{L}\p{N}]+$/u.test(library.decode([id]))) return [id];
  return [];
}

/** Texts before a continuation, of which one may keep its tokens apart from those behind it. */
const PREFIXES = ["\n", ".", "a"];

/** The texts from whose tokens those of a continuation are chosen. */
const textsToTry = (text: string): string[] => [
  text,
  text.startsWith(" ") ? text.slice(1) : text,
  ...PREFIXES,
  ...PREFIXES.map((prefix) => prefix + text),
];

/**
 * Ways to encode a text that continues another one. A tokenizer that puts a space before every text must not do so
 * here: the space takes the place of the text's own first space, or a line end is put before the text and its
 * tokens are removed.
 *
 * @param encoded of the texts to try
 */
function waysOf(text: string, [own, unspaced, ...rest]: readonly Encoded[]): number[][] {
  const ways = [encodedOf(own)];
  if (text.startsWith(" ") && Array.isArray(unspaced)) ways.push(unspaced);
  PREFIXES.forEach((_, i) => {
    const [head, whole] = [rest[i], rest[i + PREFIXES.length]];
    if (!Array.isArray(head) || !Array.isArray(whole)) return;
    if (head.every((token, k) => token === whole[k])) ways.push(whole.slice(head.length));
  });
  return ways;
}

function sameText(a: string, b: string): boolean {
  return a === b || a.normalize("NFKC") === b.normalize("NFKC");
}
