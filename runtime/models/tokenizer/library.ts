/**
 * The tokenizer library of Hugging Face (Rust), with its faults kept away: a description that it does not understand is
 * named part by part, and one whose regular expressions may run away is used in a process of its own.
 *
 * @module
 */
import type { Tokenizer } from "../../../base/packages/tokenizers.ts";
import { ModelError } from "../errors.ts";
import { encodeApart } from "./apart.ts";
import { emptyTokenizer } from "./files.ts";
import { endsSurely, patternsOf } from "./patterns.ts";

type Json = Record<string, unknown>;

/** Token ids of a text, or why there are none. */
export type Encoded = number[] | ModelError;

/** A description in use. */
export interface Library {
  /** Token ids of each text; with `special`, the tokens that belong around it are added. */
  encode(texts: readonly string[], special: boolean): Promise<Encoded[]>;
  /**
   * The same for one text, while the caller waits.
   *
   * @throws {ModelError} where texts are tokenised in a process of its own
   */
  encodeNow(text: string, special: boolean): Encoded;
  /** Text of token ids, special tokens included. */
  decode(tokens: readonly number[]): string;
  /** A token's name; null where there is none. */
  nameOf(token: number): string | null;
  /** A token by its name; null where there is none. */
  numberOf(name: string): number | null;
}

/** Characters of the longest text, more than any model's context holds. */
const LONGEST_TEXT = 1_000_000;

/**
 * Opens a description, the contents of `tokenizer.json`.
 *
 * @param path its file, for messages.
 * @throws {ModelError} naming the part that is not understood.
 */
export async function openLibrary(path: string, description: Json): Promise<Library> {
  const { Tokenizer } = await import("../../../base/packages/tokenizers.ts");
  const open = (contents: Json) => Tokenizer.fromString(JSON.stringify(contents));
  const problem = decoderProblem(description.decoder);
  if (problem !== undefined) throw new ModelError(`${path}: its decoder ${problem}`);
  const dangers = dangersOf(description);
  // Names and the decoder need nothing of what is dangerous.
  const safe = dangers.length === 0 ? {} : { normalizer: null, pre_tokenizer: null };
  let tokenizer: Tokenizer;
  try {
    tokenizer = open({ ...description, ...safe });
  } catch (error) {
    throw misunderstood(path, description, error as Error, open);
  }
  const decoder = tokenizer.getDecoder();
  const encode = dangers.length === 0
    ? (texts: readonly string[], special: boolean) => encodeHere(tokenizer, texts, special)
    : encodeApart(path, description, dangers.join(", "));
  if (dangers.length > 0) await encode(["a"], false);
  const { encodeInThread } = await import("./thread.ts");
  const inThread = encodeInThread(JSON.stringify(description));
  const long = (text: string) => text.length > LONGEST_TEXT;
  const answer = (text: string, encoded: number[] | string): Encoded => {
    if (long(text)) return new ModelError(`a text of ${text.length} characters is too long`);
    return typeof encoded === "string" ? cannotWrite(text, encoded) : encoded;
  };
  return {
    async encode(texts, special) {
      const encoded = await encode(texts.map((text) => long(text) ? "" : text), special);
      return encoded.map((each, i) => answer(texts[i], each));
    },
    encodeNow(text, special) {
      if (dangers.length > 0) {
        throw new ModelError(
          `${path} is used in a process of its own, because of ${dangers.join(", ")}`,
          "`encodeAll` and `encodePlainAll` tokenise there",
        );
      }
      return answer(text, long(text) ? "" : inThread(text, special));
    },
    decode(tokens) {
      const names = tokens.flatMap((token) => tokenizer.idToToken(token) ?? []);
      return decoder === null ? names.join(" ") : decoder.decode(names);
    },
    nameOf: (token) => tokenizer.idToToken(token),
    numberOf: (name) => tokenizer.tokenToId(name),
  };
}

/** Reason why decoding, which happens in this process, may end it; undefined for none. */
function decoderProblem(decoder: unknown): string | undefined {
  const runaway = patternsOf(decoder).find((pattern) => !endsSurely(pattern));
  if (runaway !== undefined) return `has a regular expression that may run away: ${shown(runaway)}`;
  return stepsOf(decoder).some(({ stop }) => stop !== undefined && stop !== 0)
    ? "strips text on the right (Strip with `stop`), which the library cannot do for short tokens"
    : undefined;
}

/** Parts of a description that may end the process: damaged tables, and regular expressions that run away. */
function dangersOf({ normalizer, pre_tokenizer }: Json): string[] {
  const fatal = stepsOf([normalizer, pre_tokenizer]).flatMap(({ type, length }) =>
    type === "Precompiled" || type === "FixedLength" && length === 0 ? `its step ${type}` : []
  );
  return [
    ...fatal,
    ...patternsOf([normalizer, pre_tokenizer]).filter((pattern) => !endsSurely(pattern))
      .map((pattern) => `its regular expression ${shown(pattern)}`),
  ];
}

/** All records in a part of a description. */
function stepsOf(part: unknown): Json[] {
  if (Array.isArray(part)) return part.flatMap(stepsOf);
  if (part === null || typeof part !== "object") return [];
  return [part as Json, ...Object.values(part).flatMap(stepsOf)];
}

/** Token ids of each text, or the library's message. */
export async function encodeHere(
  tokenizer: Tokenizer,
  texts: readonly string[],
  addSpecialTokens: boolean,
): Promise<(number[] | string)[]> {
  try {
    const encoded = await tokenizer.encodeBatch([...texts], { addSpecialTokens });
    return encoded.map((each) => each.getIds());
  } catch (error) {
    // One text that cannot be written fails all.
    if (texts.length === 1) return [(error as Error).message];
    const each: (number[] | string)[] = [];
    for (const text of texts) each.push(...await encodeHere(tokenizer, [text], addSpecialTokens));
    return each;
  }
}

function cannotWrite(text: string, why: string): ModelError {
  return new ModelError(
    `the model's tokenizer cannot write ${shown(text)}: ${why}`,
    "a part of it is not in the vocabulary, and there is no token for unknown parts",
  );
}

const PARTS = ["normalizer", "pre_tokenizer", "post_processor", "decoder"] as const;
const NOTHING = {
  ...emptyTokenizer,
  model: { type: "WordLevel", vocab: { unknown: 0 }, unk_token: "unknown" },
};

/** The error that names the part that the library refuses, since its own message names a line at most. */
function misunderstood(
  path: string,
  description: Json,
  error: Error,
  open: (contents: Json) => unknown,
): ModelError {
  const refused = (name: string, part: unknown): { name: string; why: Error } | null => {
    try {
      open({ ...NOTHING, [name]: part });
      return null;
    } catch (why) {
      return { name, why: why as Error };
    }
  };
  const dangerous = dangersOf(description).length > 0;
  for (const name of PARTS) {
    if (dangerous && /^(normalizer|pre_tokenizer)$/.test(name)) continue;
    const part = description[name] as Json | null | undefined;
    const whole = refused(name, part ?? null);
    if (whole === null) continue;
    const steps = Object.values(part ?? {}).find(Array.isArray) ?? [];
    const step = part?.type === "Sequence"
      ? steps.find((each: unknown) => refused(name, each) !== null)
      : undefined;
    return notKnown(path, `its ${name} is ${shown(step ?? part)}`, whole.why);
  }
  const { vocab: _vocab, merges: _merges, ...model } = (description.model ?? {}) as Json;
  const why = refused("model", description.model)?.why;
  return notKnown(path, why === undefined ? "" : `its model is ${shown(model)}`, why ?? error);
}

const notKnown = (path: string, part: string, { message }: Error) =>
  new ModelError(
    `${path} describes no tokenizer of a known kind: ${part}${part === "" ? "" : ": "}` +
      message.replace(/ at line 1 column \d+$/, ""),
  );

/** One line of a value, cut where it is long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
