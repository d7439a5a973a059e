/**
 * Byte-level byte-pair encoding: learns the merges from text and writes them as a Hugging Face
 * `tokenizer.json`. The method is GPT-2's (Sennrich et al. 2016, on bytes): split text into words that carry
 * their leading space, then join the most frequent pair of neighbouring symbols until none is frequent.
 *
 * @module
 */
import { emptyTokenizer, specialToken } from "../../runtime/models/mod.ts";

/**
 * GPT-2's split into words, but for numbers, which fall into pieces of two digits: ` 1732` is ` 17`, `32`
 * under any merges.
 */
export const proseWords =
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}{1,2}| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

export interface Vocabulary {
  /** Symbols by number: the 256 bytes, then what the merges make, then `endOfText`. */
  readonly tokens: readonly string[];
  readonly merges: readonly (readonly [string, string])[];
}

export const endOfText = "<|endoftext|>";

/** The printable character of each byte: itself where it is printable, else one from U+0100 on. */
export const byteSymbols: readonly string[] = (() => {
  const printable = (byte: number) =>
    byte >= 0x21 && byte <= 0x7e || byte >= 0xa1 && byte <= 0xac || byte >= 0xae;
  let spare = 0x100;
  return Array.from(
    { length: 256 },
    (_, byte) => String.fromCharCode(printable(byte) ? byte : spare++),
  );
})();

/**
 * Learns a vocabulary.
 *
 * @param minimum A pair is joined only where it occurs at least this often in the text.
 * @param wordPattern What a word is: no merge goes beyond it.
 */
export function learn(
  texts: Iterable<string>,
  minimum: number,
  wordPattern = proseWords,
): Vocabulary {
  const words = countWords(texts, wordPattern);
  const merges: [string, string][] = [];
  while (true) {
    const best = mostFrequentPair(words);
    if (best === null || best.count < minimum) break;
    merges.push(best.pair);
    for (const word of words) word.symbols = join(word.symbols, best.pair);
  }
  const symbols = [...byteSymbols].sort();
  return { tokens: [...symbols, ...merges.map((pair) => pair.join("")), endOfText], merges };
}

/** A text as token numbers by a vocabulary, which remembers the words that it has met. */
export function encoderOf(
  { tokens, merges }: Vocabulary,
  wordPattern = proseWords,
): (text: string) => number[] {
  const pattern = new RegExp(wordPattern, "gu");
  const numbers = new Map(tokens.map((token, number) => [token, number]));
  const words = new Map<string, number[]>();
  const encodeWord = (word: string): number[] => {
    let known = words.get(word);
    if (known === undefined) {
      let symbols = symbolsOf(word);
      for (const pair of merges) symbols = join(symbols, pair);
      known = symbols.map((symbol) => numbers.get(symbol)!);
      words.set(word, known);
    }
    return known;
  };
  return (text) => (text.match(pattern) ?? []).flatMap(encodeWord);
}

interface Word {
  symbols: string[];
  readonly count: number;
}

function countWords(texts: Iterable<string>, wordPattern: string): Word[] {
  const counts = new Map<string, number>();
  const pattern = new RegExp(wordPattern, "gu");
  for (const text of texts) {
    for (const [word] of text.matchAll(pattern)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, count]) => ({ symbols: symbolsOf(word), count }));
}

const symbolsOf = (word: string) =>
  Array.from(new TextEncoder().encode(word), (byte) => byteSymbols[byte]);

/** The pair that occurs most often; of equals, the first in code-unit order, so that the result is one. */
function mostFrequentPair(
  words: readonly Word[],
): { pair: [string, string]; count: number } | null {
  // No symbol contains a space: it is written as U+0120.
  const counts = new Map<string, number>();
  for (const { symbols, count } of words) {
    for (let i = 1; i < symbols.length; i++) {
      const key = `${symbols[i - 1]} ${symbols[i]}`;
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
  }
  let best: string | null = null;
  let most = 0;
  for (const [key, count] of counts) {
    if (count > most || count === most && key < best!) [best, most] = [key, count];
  }
  return best === null ? null : { pair: best.split(" ") as [string, string], count: most };
}

function join(symbols: readonly string[], [left, right]: readonly [string, string]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < symbols.length; i++) {
    const both = symbols[i] === left && symbols[i + 1] === right;
    joined.push(both ? left + right : symbols[i]);
    if (both) i++;
  }
  return joined;
}

/** The text of `tokenizer.json`. */
export function tokenizerJson(
  { tokens, merges }: Vocabulary,
  wordPattern = proseWords,
): string {
  const byteLevel = {
    type: "ByteLevel",
    add_prefix_space: false,
    trim_offsets: true,
    use_regex: false,
  };
  const split = {
    type: "Split",
    pattern: { Regex: wordPattern },
    behavior: "Isolated",
    invert: false,
  };
  const file = {
    ...emptyTokenizer,
    added_tokens: [specialToken(tokens.indexOf(endOfText), endOfText)],
    pre_tokenizer: { type: "Sequence", pretokenizers: [split, byteLevel] },
    decoder: byteLevel,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  };
  return JSON.stringify(file, null, 1) + "\n";
}

export function tokenizerConfigJson(contextLength: number): string {
  const file = {
    tokenizer_class: "GPT2Tokenizer",
    add_prefix_space: false,
    bos_token: endOfText,
    eos_token: endOfText,
    unk_token: endOfText,
    clean_up_tokenization_spaces: false,
    model_max_length: contextLength,
  };
  return JSON.stringify(file, null, 2) + "\n";
}
