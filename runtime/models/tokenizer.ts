/** A model's own tokenizer, from `tokenizer.json` and `tokenizer_config.json`. @module */
import { Tokenizer as Implementation } from "../../base/packages/huggingface_tokenizers.ts";
import { textIfThere } from "../../base/whole_file.ts";
import type { Tokenizer } from "./architecture.ts";
import { ModelError, parsedJson } from "./errors.ts";
import { byWords } from "./word_cache.ts";

type Json = Record<string, unknown>;

/**
 * Reads a folder's tokenizer; null when there is no `tokenizer.json`.
 *
 * @throws {ModelError} when a file is not JSON or describes a tokenizer of an unknown kind.
 */
export async function readTokenizer(folder: string): Promise<Tokenizer | null> {
  const path = `${folder}/tokenizer.json`;
  const description = await readJson(path);
  if (description === null) return null;
  const config = await readJson(`${folder}/tokenizer_config.json`) ?? {};
  try {
    return tokenizerFrom(description, config);
  } catch (error) {
    throw new ModelError(
      `${path} describes no tokenizer of a known kind: ${(error as Error).message}`,
    );
  }
}

/** Builds a tokenizer from the contents of `tokenizer.json` and `tokenizer_config.json`. */
export function tokenizerFrom(description: Json, config: Json): Tokenizer {
  const spaced = withPrefixSpace(description, config.add_prefix_space);
  const implementation = new Implementation(spaced, config);
  const begin = beginningToken(implementation, description, config);
  const { encode, plain } = byWords(
    {
      encode: (text) => implementation.encode(text).ids,
      plain: (text) => implementation.encode(text, { add_special_tokens: false }).ids,
    },
    spaced,
    config,
    implementation.pre_tokenizer,
  );
  const joined = (tokens: readonly number[]) =>
    tokens.length === 0 ? "" : implementation.decode([...tokens], {
      skip_special_tokens: false,
      clean_up_tokenization_spaces: false,
    });
  // Many decoders drop a space at the beginning: what a token adds shows only behind another.
  const anchor = plain("a");
  const before = joined(anchor);
  const continued = (tokens: readonly number[]) =>
    joined([...anchor, ...tokens]).slice(before.length);
  return {
    encode: (text) => begin.length === 0 ? encode(text) : [...begin, ...encode(text)],
    encodePlain: (text) => {
      const candidates = continuations(text, plain);
      return candidates.find((tokens) => sameText(continued(tokens), text)) ?? candidates[0];
    },
    decode: joined,
    tokenText: (token) => {
      const text = continued([token]);
      // A part of a character has no text of its own; the tokenizer's name for it is better than none.
      const nameless = text === "" || text.includes("\ufffd");
      return nameless ? implementation.id_to_token(token) ?? "" : text;
    },
    vocabulary: 1 +
      [...implementation.get_vocab(true).values()].reduce((a, b) => Math.max(a, b), -1),
  };
}

/**
 * Ways to encode a text that continues another one. A tokenizer that puts a space before every text must not do so
 * here: the space takes the place of the text's own first space, or a line end is put before the text and its
 * tokens are removed.
 */
function continuations(text: string, plain: (text: string) => number[]): number[][] {
  const candidates = [plain(text)];
  if (text.startsWith(" ")) candidates.push(plain(text.slice(1)));
  for (const prefix of ["\n", ".", "a"]) {
    const [head, whole] = [plain(prefix), plain(prefix + text)];
    if (head.every((token, i) => token === whole[i])) candidates.push(whole.slice(head.length));
  }
  return candidates;
}

/** The beginning-of-text token, where only `tokenizer_config.json` asks for it: `tokenizer.json` decides if it says anything. */
function beginningToken(implementation: Implementation, description: Json, config: Json): number[] {
  if ((description.post_processor ?? null) !== null || config.add_bos_token !== true) return [];
  const named = config.bos_token as string | { content?: string } | null | undefined;
  const content = typeof named === "string" ? named : named?.content;
  const token = content === undefined ? undefined : implementation.token_to_id(content);
  if (token === undefined) throw new Error("add_bos_token, but no bos_token in the vocabulary");
  return [token];
}

/** Applies `add_prefix_space` of `tokenizer_config.json`, which overrides that of a byte-level pre-tokenizer. */
function withPrefixSpace(description: Json, wanted: unknown): Json {
  if (typeof wanted !== "boolean") return description;
  const apply = (step: unknown): unknown => {
    const record = step as Json | null;
    if (record?.type === "ByteLevel") return { ...record, add_prefix_space: wanted };
    if (record?.type !== "Sequence") return step;
    return { ...record, pretokenizers: (record.pretokenizers as unknown[]).map(apply) };
  };
  return { ...description, pre_tokenizer: apply(description.pre_tokenizer ?? null) };
}

function sameText(a: string, b: string): boolean {
  return a === b || a.normalize("NFKC") === b.normalize("NFKC");
}

async function readJson(path: string): Promise<Json | null> {
  const text = await textIfThere(path);
  return text === null ? null : parsedJson(path, text) as Json;
}
