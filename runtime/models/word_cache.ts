/**
 * Tokenising word by word, for tokenizers that cut text into words before anything else: a word has the same tokens
 * wherever it stands, so it needs to be looked at once.
 *
 * @module
 */

type Json = Record<string, unknown>;

/** What the library's tokenizer does. */
export interface WholeText {
  /** Tokens of a text, with the special tokens that go around it. */
  encode(text: string): number[];
  /** Tokens of a text alone. */
  plain(text: string): number[];
}

/** Words remembered at most, after which all are forgotten: prompts repeat few words, running text many. */
const CAPACITY = 100_000;

/**
 * The same two functions, remembering the tokens of words; `whole` itself where the description does not say that
 * words are independent. Byte-pair encoding on bytes is covered, without a normalizer, which is what GPT-2 and most
 * models since use; what stands around a text must not depend on it.
 *
 * @param description The contents of `tokenizer.json`
 * @param config The contents of `tokenizer_config.json`
 * @param preTokenizer The library's reading of `description.pre_tokenizer`, whose compiled pattern is used
 */
export function byWords(
  whole: WholeText,
  description: Json,
  config: Json,
  preTokenizer: unknown,
): WholeText {
  const pattern = wordPattern(description, preTokenizer);
  const rewrites = ["remove_space", "do_lowercase_and_remove_accent"].some((key) =>
    config[key] === true
  );
  if (pattern === null || rewrites) return whole;
  const around = specialTokens(whole);
  if (around === null) return whole;
  const special = addedTokens(description);

  const known = new Map<string, readonly number[] | null>();
  /** Tokens of a word, or null where the word by itself would be cut further. */
  const tokensOf = (word: string): readonly number[] | null => {
    let tokens = known.get(word);
    if (tokens === undefined) {
      const [first] = word.match(pattern) ?? [];
      tokens = first === word ? whole.plain(word) : null;
      if (known.size >= CAPACITY) known.clear();
      known.set(word, tokens);
    }
    return tokens;
  };
  const words = (text: string): number[] | null => {
    if (special.some((token) => text.includes(token))) return null;
    const tokens: number[] = [];
    let end = 0;
    for (const { 0: word, index } of text.matchAll(pattern)) {
      const found = index === end ? tokensOf(word) : null;
      if (found === null) return null;
      for (const token of found) tokens.push(token);
      end = index + word.length;
    }
    return end === text.length ? tokens : null;
  };
  return {
    encode(text) {
      const tokens = words(text);
      if (tokens === null || tokens.length === 0) return whole.encode(text);
      if (around.before.length === 0 && around.after.length === 0) return tokens;
      return [...around.before, ...tokens, ...around.after];
    },
    plain: (text) => words(text) ?? whole.plain(text),
  };
}

/** The pattern that cuts text into words, or null where words are not all that matters. */
function wordPattern(description: Json, preTokenizer: unknown): RegExp | null {
  const model = description.model as Json | null;
  if ((description.normalizer ?? null) !== null) return null;
  if (model?.type !== "BPE" || model.fuse_unk === true) return null;
  const step = description.pre_tokenizer as Json | null;
  const sequence = step?.type === "Sequence";
  const steps = sequence ? step.pretokenizers as Json[] : [step];
  const byteLevel = steps.at(-1);
  if (byteLevel?.type !== "ByteLevel" || byteLevel.add_prefix_space === true) return null;
  const [first] = steps;
  const cutsItself = steps.length === 1 && byteLevel.use_regex !== false;
  const cutsBefore = steps.length === 2 && byteLevel.use_regex === false &&
    first?.type === "Split" && first.invert !== true && first.behavior === "Isolated";
  if (!cutsItself && !cutsBefore) return null;
  const read = sequence
    ? (preTokenizer as { tokenizers?: unknown[] } | null)?.tokenizers?.[0]
    : preTokenizer;
  const pattern = (read as { pattern?: unknown } | null | undefined)?.pattern;
  return pattern instanceof RegExp && pattern.global ? pattern : null;
}

/** What `encode` puts before and after a text, or null where that cannot be told apart from the text. */
function specialTokens(whole: WholeText): { before: number[]; after: number[] } | null {
  const [inner, outer] = [whole.plain("a"), whole.encode("a")];
  const places: number[] = [];
  for (let i = 0; i + inner.length <= outer.length; i++) {
    if (inner.every((token, k) => outer[i + k] === token)) places.push(i);
  }
  if (places.length !== 1 || inner.length === 0) return null;
  const [start] = places;
  return { before: outer.slice(0, start), after: outer.slice(start + inner.length) };
}

/** Texts that are tokens of their own wherever they stand. */
function addedTokens(description: Json): string[] {
  const added = (description.added_tokens ?? []) as { content: string }[];
  return added.map(({ content }) => content);
}
