/** A folder's files as one description of its tokenizer, in the form of `tokenizer.json`, and its faults. @module */
import { ModelError } from "../errors.ts";
import { type AddedToken, addedTokens, roleToken, type TokenFiles } from "./added_tokens.ts";

type Json = Record<string, unknown>;

/** A description, complete and checked. */
export interface Description {
  /** Contents of `tokenizer.json` with what other files add. */
  readonly json: Json;
  /** Ids by token, added ones included. */
  readonly numbers: ReadonlyMap<string, number>;
}

/**
 * Puts a folder's files together.
 *
 * @param path the file of `description`, for messages.
 * @param description contents of `tokenizer.json`.
 * @throws {ModelError} for settings that the library does not carry out as they are meant.
 */
export function describeTokenizer(path: string, description: Json, files: TokenFiles): Description {
  const refuse = (problem: string | null) => {
    if (problem !== null) throw new ModelError(`${path}: ${problem}`);
  };
  refuse(settingProblem(description, files.config));
  const own = modelNumbers(description.model);
  refuse(sharedNumber(own));
  refuse(mergeProblem(description.model));
  const declared = description.added_tokens ?? [];
  refuse(isTokenList(declared) ? null : "its added_tokens are no list of tokens");
  const added = addedTokens(declared as AddedToken[], own, files);
  const numbers = new Map(own);
  for (const { content, id } of added) numbers.set(content, id);
  const json = {
    ...description,
    // Prompts are whole and of their own length: settings of the file for cutting and padding do not count.
    truncation: null,
    padding: null,
    added_tokens: added,
    pre_tokenizer: withPrefixSpace(description.pre_tokenizer ?? null, files.config),
    post_processor: description.post_processor ?? endsOf(numbers, files),
  };
  refuse(processorProblem(json.post_processor, numbers));
  return { json, numbers };
}

/** Ids by token of a model's vocabulary: a record, or a list of pieces with scores (Unigram). */
function modelNumbers(model: unknown): Map<string, number> {
  const vocabulary = recordOf(model).vocab;
  return Array.isArray(vocabulary)
    ? new Map(vocabulary.map((piece, id) => [String(piece?.[0]), id]))
    : new Map(Object.entries(recordOf(vocabulary) as Record<string, number>));
}

const isTokenList = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((token) => typeof token?.content === "string" && Number.isInteger(token.id));

/** A merge whose right part lacks the prefix of continued words: the library ends the process at it. */
function mergeProblem(model: unknown): string | null {
  const { continuing_subword_prefix: prefix, merges } = recordOf(model);
  if (typeof prefix !== "string" || prefix === "") return null;
  const wrong = listOf<unknown>(merges).find((merge) => {
    const [, right] = typeof merge === "string" ? merge.split(" ") : listOf<unknown>(merge);
    return typeof right !== "string" || !right.startsWith(prefix);
  });
  return wrong === undefined
    ? null
    : `its merge ${JSON.stringify(wrong)} lacks the prefix ${JSON.stringify(prefix)}`;
}

function sharedNumber(numbers: ReadonlyMap<string, number>): string | null {
  const names = new Map<number, string>();
  for (const [name, id] of numbers) {
    const other = names.get(id);
    if (other !== undefined) {
      return `the tokens ${JSON.stringify(other)} and ${JSON.stringify(name)} are both ${id}`;
    }
    names.set(id, name);
  }
  return null;
}

function settingProblem({ model, normalizer }: Json, config: Json): string | null {
  const dropout = recordOf(model).dropout ?? 0;
  if (dropout !== 0) return `its model drops merges at random (dropout ${dropout})`;
  for (const setting of ["split_special_tokens", "fix_mistral_regex"]) {
    if (config[setting] === true) {
      return `tokenizer_config.json sets ${setting}, which is not implemented`;
    }
  }
  const bert = recordOf(normalizer);
  if (bert.handle_chinese_chars === undefined) return null;
  const pairs = { do_lower_case: "lowercase", tokenize_chinese_chars: "handle_chinese_chars" };
  for (const [setting, field] of Object.entries({ ...pairs, strip_accents: "strip_accents" })) {
    const wanted = config[setting] ?? null;
    if (wanted !== null && wanted !== bert[field]) {
      return `its normalizer has ${field} ${
        bert[field]
      }, and tokenizer_config.json ${setting} ${wanted}`;
    }
  }
  return null;
}

/** A record or a list, and nothing of what a damaged file has in its place: the library names that. */
const recordOf = (value: unknown): Json =>
  typeof value === "object" && value !== null ? value as Json : {};

const listOf = <T = Json | null>(value: unknown): T[] => Array.isArray(value) ? value : [];

/** Special tokens that a post-processor puts around a text must be tokens: the library ends the process otherwise. */
function processorProblem(
  processor: unknown,
  numbers: ReadonlyMap<string, number>,
): string | null {
  const wrong = (name: unknown, id: unknown) =>
    numbers.get(name as string) === id
      ? null
      : `its post_processor gives ${JSON.stringify(name)} as token ${id}, which it is not`;
  // By fields: the library reads a part that names no type as well.
  const { processors, sep, cls, single, special_tokens } = recordOf(processor);
  const known = recordOf(special_tokens) as Record<string, Json>;
  const problems = [
    ...listOf(processors).map((each) => processorProblem(each, numbers)),
    ...[sep, cls].map((pair) => {
      const [name, id] = listOf<unknown>(pair);
      return name === undefined ? null : wrong(name, id);
    }),
    ...listOf(single).flatMap((piece) => {
      const { id } = recordOf(piece?.SpecialToken) as { id?: string };
      if (id === undefined) return null;
      if (!Object.hasOwn(known, id)) {
        return `its post_processor uses ${JSON.stringify(id)}, which its special_tokens lack`;
      }
      const tokens = listOf<unknown>(known[id]?.tokens);
      return listOf<unknown>(known[id]?.ids).map((each, i) => wrong(tokens[i], each));
    }),
  ];
  return problems.find((problem) => problem !== null) ?? null;
}

/** `add_bos_token` and `add_eos_token` of tokenizer_config.json, where `tokenizer.json` says nothing of what goes around a text. */
function endsOf(numbers: ReadonlyMap<string, number>, files: TokenFiles): Json | null {
  const tokenOf = (end: string) => {
    if (files.config[`add_${end}_token`] !== true) return null;
    const name = roleToken(`${end}_token`, files);
    const id = name === undefined ? undefined : numbers.get(name);
    if (id === undefined) {
      throw new ModelError(
        `tokenizer_config.json sets add_${end}_token and names no ${end}_token of the vocabulary`,
      );
    }
    return { name: name!, id };
  };
  const [before, after] = [tokenOf("bos"), tokenOf("eos")];
  if (before === null && after === null) return null;
  const used = [before, after].filter((token) => token !== null);
  const piece = (token: typeof before) =>
    token === null ? [] : [{ SpecialToken: { id: token.name, type_id: 0 } }];
  const sequence = (id: string) => ({ Sequence: { id, type_id: 0 } });
  return {
    type: "TemplateProcessing",
    single: [...piece(before), sequence("A"), ...piece(after)],
    pair: [sequence("A"), sequence("B")],
    special_tokens: Object.fromEntries(
      used.map(({ name, id }) => [name, { id: name, ids: [id], tokens: [name] }]),
    ),
  };
}

/** `add_prefix_space` of tokenizer_config.json overrides that of a byte-level pre-tokenizer. */
function withPrefixSpace(step: unknown, config: Json): unknown {
  const wanted = config.add_prefix_space;
  const record = recordOf(step);
  if (typeof wanted !== "boolean") return step;
  if (record.type === "ByteLevel") return { ...record, add_prefix_space: wanted };
  if (record.type !== "Sequence") return step;
  const steps = listOf<unknown>(record.pretokenizers);
  return { ...record, pretokenizers: steps.map((each) => withPrefixSpace(each, config)) };
}
