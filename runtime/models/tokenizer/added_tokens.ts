/**
 * Tokens that a folder declares beside those of `tokenizer.json`, as `transformers` adds them (`TokenizersBackend`, 5.18).
 *
 * @module
 */
import { ModelError } from "../errors.ts";

type Json = Record<string, unknown>;

/** An entry of `added_tokens` in `tokenizer.json`. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly single_word: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly normalized: boolean;
  readonly special: boolean;
}

/** The other files that may declare tokens; an absent file is null. */
export interface TokenFiles {
  /** `tokenizer_config.json` */
  readonly config: Json;
  /** `special_tokens_map.json` */
  readonly specialTokensMap: Json | null;
  /** `added_tokens.json`: ids by text. */
  readonly addedTokens: Readonly<Record<string, number>> | null;
}

/** Token roles of `tokenizer_config.json`. */
const ROLES = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"].map((role) => `${role}_token`);

/** A token without its id, as files declare it: text alone is a special token. */
type Declared = Partial<AddedToken> & { readonly content: string };

/**
 * All added tokens of a folder: those of `tokenizer.json`, those that other files give an id, and those that are only named.
 *
 * @param own `added_tokens` of `tokenizer.json`.
 * @param numbers ids of the model's vocabulary by token.
 * @throws {ModelError} when a token is declared with another id than it gets.
 */
export function addedTokens(
  own: readonly AddedToken[],
  numbers: ReadonlyMap<string, number>,
  files: TokenFiles,
): AddedToken[] {
  const all = new Map(own.map((token) => [token.content, token]));
  let next = Math.max(-1, ...own.map(({ id }) => id)) + 1;
  for (const id of numbers.values()) if (id >= next) next = id + 1;
  const numberOf = (content: string) => all.get(content)?.id ?? numbers.get(content) ?? next++;
  const roles = rolesOf(files);
  const named = [...Object.values(roles), ...extraTokens(files)];
  const special = new Set(named.map(({ content }) => content));
  for (const { id, ...token } of numbered(files, special)) {
    const given = numberOf(token.content);
    if (given !== id) {
      throw new ModelError(
        `the token ${JSON.stringify(token.content)} is declared as ${id}, and would be ${given}`,
        "added tokens follow the vocabulary without gaps: put it into tokenizer.json",
      );
    }
    all.set(token.content, whole(token, given));
  }
  for (const token of named) {
    if (!all.has(token.content)) {
      all.set(token.content, whole({ ...token, special: true }, numberOf(token.content)));
    }
  }
  return [...all.values()].sort((a, b) => a.id - b.id);
}

/** Text of a token role, such as `bos_token`; undefined where no file names it. */
export function roleToken(role: string, files: TokenFiles): string | undefined {
  return rolesOf(files)[role]?.content;
}

/** `special_tokens_map.json` counts where tokenizer_config.json has no `added_tokens_decoder`. */
function named(files: TokenFiles): Json {
  const { config, specialTokensMap } = files;
  return config.added_tokens_decoder === undefined ? { ...config, ...specialTokensMap } : config;
}

function rolesOf(files: TokenFiles): Record<string, Declared> {
  const settings = named(files);
  const roles = ROLES.flatMap((role) => {
    const token = declared(settings[role]);
    return token === null ? [] : [[role, token]];
  });
  return Object.fromEntries(roles);
}

/** Special tokens without a role, and those of roles that only one model has (`image_token`). */
function extraTokens(files: TokenFiles): Declared[] {
  const settings = named(files);
  const extra = [settings.extra_special_tokens, settings.additional_special_tokens]
    .find((tokens) => Object.keys(tokens ?? {}).length > 0) ?? [];
  const others = Object.entries(settings).filter(([key, value]) =>
    key.endsWith("_token") && typeof value === "string" && !ROLES.includes(key)
  );
  return [...Object.values(extra as Json), ...others.map(([, value]) => value)]
    .flatMap((value) => declared(value) ?? []);
}

/** Tokens with an id of their own, in its order. */
function numbered(files: TokenFiles, special: ReadonlySet<string>): (Declared & { id: number })[] {
  const { config, addedTokens } = files;
  const decoder = config.added_tokens_decoder as Json | undefined;
  const tokens = decoder !== undefined
    ? Object.entries(decoder).flatMap(([id, value]) => {
      const token = declared(value);
      return token === null ? [] : [{ special: false, ...token, id: Number(id) }];
    })
    : Object.entries(addedTokens ?? {}).map(([content, id]) => ({
      content,
      id,
      special: special.has(content),
    }));
  return tokens.sort((a, b) => a.id - b.id);
}

/** A token given as text or as a record; null for none. */
function declared(value: unknown): Declared | null {
  if (typeof value === "string") return value === "" ? null : { content: value, special: true };
  const record = value as Partial<AddedToken> | null | undefined;
  return typeof record?.content === "string" ? { ...record, content: record.content } : null;
}

function whole(token: Declared, id: number): AddedToken {
  const { content, special = false } = token;
  const { single_word = false, lstrip = false, rstrip = false, normalized = !special } = token;
  return { id, content, single_word, lstrip, rstrip, normalized, special };
}
