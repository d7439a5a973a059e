/**
 * Tokenising word by word, for tokenizers that cut text into words before anything else: a word has the same tokens
 * everywhere, so it is tokenised once.
 *
 * @module
 */

type Json = Record<string, unknown>;

/** The tokenizer of the library, on whole texts. */
export interface WholeText {
  /** Tokens of a text, with the special tokens that go around it. */
  encode(text: string): number[];
  /** Tokens of a text alone. */
  plain(text: string): number[];
}

/** Words remembered at most, after which all are forgotten: prompts repeat few words, running text many. */
const CAPACITY = 100_000;

/** Pattern that cuts a tokenizer's text into words. */
interface Cut {
  /**
   * Matches one word after the other. A text with gaps between matches, or with words that cannot be tokenised
   * alone, goes to the library.
   */
  readonly pattern: RegExp;
  /** A text whose own tokens are those of the word in its place; null when there is none. */
  alone(word: string, first: boolean): string | null;
}

/**
 * The same two functions, remembering the tokens of words; `whole` itself where the description does not say that
 * words are independent. Covered is byte-pair encoding on bytes without a normalizer (GPT-2 and most models since), and
 * on words that begin with a visible space (Llama 2's kind).
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
  const rewrites = ["remove_space", "do_lowercase_and_remove_accent"];
  if (rewrites.some((key) => config[key] === true)) return whole;
  const cut = byteLevelCut(description, preTokenizer) ?? visibleSpaceCut(description);
  const around = specialTokens(whole);
  if (cut === null || around === null) return whole;
  const special = addedTokens(description);

  const tokensOf = remembered((word) => whole.plain(word));
  const words = (text: string): number[] | null => {
    if (special.some((token) => text.includes(token))) return null;
    const tokens: number[] = [];
    let end = 0;
    for (const { 0: word, index } of text.matchAll(cut.pattern)) {
      const alone = index === end ? cut.alone(word, index === 0) : null;
      if (alone === null) return null;
      for (const token of tokensOf(alone)) tokens.push(token);
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

/** The function of words, with its results remembered. */
function remembered<T>(make: (word: string) => T): (word: string) => T {
  const known = new Map<string, T>();
  return (word) => {
    let result = known.get(word);
    if (result === undefined) {
      result = make(word);
      if (known.size >= CAPACITY) known.clear();
      known.set(word, result);
    }
    return result;
  };
}

/** Text is cut by a pattern, and no merge goes beyond a word. */
function byteLevelCut(description: Json, preTokenizer: unknown): Cut | null {
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
  if (!(pattern instanceof RegExp) || !pattern.global) return null;
  // A word that is cut differently alone cannot be asked for: `\s+(?!\S)` looks beyond its end.
  const standsAlone = remembered((word) => word.match(pattern)?.[0] === word);
  return { pattern, alone: (word) => standsAlone(word) ? word : null };
}

const SPACE = "\u2581";

/**
 * Every text gets a visible space before it and in place of each space. Merges could go beyond words, and cannot where
 * no token has a visible space behind another character.
 */
function visibleSpaceCut(description: Json): Cut | null {
  const model = description.model as Json | null;
  const steps = (description.normalizer as Json | null)?.normalizers as Json[] | undefined;
  const [before, within] = steps ?? [];
  const spaced = steps?.length === 2 && before.type === "Prepend" && before.prepend === SPACE &&
    within.type === "Replace" && within.content === SPACE &&
    (within.pattern as Json | null)?.String === " ";
  if (!spaced || (description.pre_tokenizer ?? null) !== null) return null;
  if (model?.type !== "BPE" || model.byte_fallback !== true) return null;
  const tokens = Object.keys(model.vocab as Json);
  const bytes = tokens.filter((token) => /^<0x[0-9A-F]{2}>$/.test(token)).length;
  const beyond = new RegExp(`[^${SPACE}]${SPACE}`, "u");
  if (bytes !== 256 || tokens.some((token) => beyond.test(token))) return null;
  return {
    pattern: / +[^ ]*|[^ ]+/gu,
    // The first space of a later word is the one that the word alone is given.
    alone: (word, first) => first ? word : word.slice(1) || null,
  };
}

/**
 * Tokens that `encode` puts before and after a text; null where they could be tokens of the text.
 */
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

/** Texts that are tokens of their own everywhere. */
function addedTokens(description: Json): string[] {
  const added = (description.added_tokens ?? []) as { content: string }[];
  return added.map(({ content }) => content);
}
