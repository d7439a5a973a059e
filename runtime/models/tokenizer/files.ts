/** The files of a folder that describe its tokenizer. @module */
import { textIfThere } from "../../../base/whole_file.ts";
import { ModelError, parsedJson } from "../errors.ts";
import type { TokenFiles } from "./added_tokens.ts";

type Json = Record<string, unknown>;

/** Names of the files that are read where they are there, the first one before all others. */
export const TOKENIZER_FILES: readonly string[] = [
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "added_tokens.json",
];

/** Names of the files that stand in for `tokenizer.json` where it is absent. */
export const VOCABULARY_FILES: readonly string[] = ["vocab.json", "merges.txt"];

/** Names of other forms, which are not read. */
const OTHER_FORMS = [
  "tokenizer.model",
  "vocab.txt",
  "vocab.json",
  "spiece.model",
  "sentencepiece.bpe.model",
  "tekken.json",
];

/** Contents of a folder's files. */
export interface FolderFiles extends TokenFiles {
  /** The file of `description`. */
  readonly path: string;
  /** Contents of `tokenizer.json`, or as much from `vocab.json` and `merges.txt`. */
  readonly description: Json;
}

/**
 * Reads a folder's files; null where there are none.
 *
 * @throws {ModelError} when a file is damaged, or all of them are of a form that is not read.
 */
export async function readTokenizerFiles(folder: string): Promise<FolderFiles | null> {
  const read = async (name: string): Promise<Json | null> => {
    const text = await textIfThere(`${folder}/${name}`);
    if (text === null) return null;
    const value = parsedJson(`${folder}/${name}`, text);
    if (value === null || typeof value !== "object" || Array.isArray(value)) {
      throw new ModelError(`${folder}/${name} must hold a record: this is ${text.slice(0, 40)}`);
    }
    return value as Json;
  };
  const [own, config, specialTokensMap, addedTokens] = await Promise.all(TOKENIZER_FILES.map(read));
  const others = { specialTokensMap, addedTokens: addedTokens as TokenFiles["addedTokens"] };
  if (own !== null) {
    return { path: `${folder}/tokenizer.json`, description: own, config: config ?? {}, ...others };
  }
  const vocabulary = await read("vocab.json");
  const merges = await textIfThere(`${folder}/merges.txt`);
  const kind = config?.tokenizer_class ?? "GPT2Tokenizer";
  if (vocabulary !== null && merges !== null && /^GPT2Tokenizer(Fast)?$/.test(String(kind))) {
    return {
      path: `${folder}/vocab.json`,
      description: gpt2(vocabulary, merges),
      config: { bos_token: END, eos_token: END, unk_token: END, ...config },
      ...others,
    };
  }
  const present = await Array.fromAsync(
    OTHER_FORMS,
    async (name) => await Deno.stat(`${folder}/${name}`).then(() => name, () => null),
  );
  const found = present.find((name) => name !== null);
  if (found === undefined) return null;
  throw new ModelError(
    `${folder} has ${found} and no tokenizer.json, and ${kind} is read from tokenizer.json only`,
    `in Python: AutoTokenizer.from_pretrained("${folder}").save_pretrained("${folder}")`,
  );
}

const END = "<|endoftext|>";

/** A `tokenizer.json` without parts. */
export const emptyTokenizer = {
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: null,
};

/** A token that stands apart from text: `<|endoftext|>`. */
export const specialToken = (id: number, content: string) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});

/** The tokenizer that `GPT2Tokenizer` of `transformers` makes of its two files. */
function gpt2(vocab: Json, merges: string): Json {
  const byteLevel = {
    type: "ByteLevel",
    add_prefix_space: false,
    trim_offsets: true,
    use_regex: true,
  };
  return {
    ...emptyTokenizer,
    pre_tokenizer: byteLevel,
    decoder: byteLevel,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: "",
      end_of_word_suffix: "",
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab,
      merges: merges.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#version")),
    },
  };
}
