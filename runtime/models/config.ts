/**
 * Reading `config.json` so that no setting is passed over: every key is read, known not to matter, or refused.
 *
 * @module
 */
import { dirname } from "../../base/paths.ts";
import { fileProblem } from "../../base/file_problem.ts";
import { readText } from "../../base/whole_file.ts";
import { ModelError, notAModel, parsedJson } from "./errors.ts";

/** Beyond any model there is, and few enough to be listed. */
const MOST_PARTS = 1024;

/** Settings of a model, which remembers what was asked for. A key that is absent or null counts as not given. */
export class Config {
  readonly #asked = new Set<string>();

  /**
   * @param path file that the settings come from, for messages.
   * @param section what goes before each key in messages: `rope_parameters.` for a nested record.
   */
  constructor(
    readonly path: string,
    readonly values: Readonly<Record<string, unknown>>,
    readonly section = "",
  ) {}

  /** The value, unchecked; undefined when not given. */
  raw(key: string): unknown {
    this.#asked.add(key);
    return this.values[key] ?? undefined;
  }

  /** A whole number of at least one. */
  count(key: string, fallback?: number): number {
    return this.#typed(key, fallback, "a whole number above 0", isCount);
  }

  /** A number of layers or of heads: all of them are listed one by one. */
  parts(key: string): number {
    const isParts = (value: unknown): value is number => isCount(value) && value <= MOST_PARTS;
    return this.#typed(key, undefined, `a whole number from 1 to ${MOST_PARTS}`, isParts);
  }

  /** A whole number above 0, or undefined where the key is null; `fallback` where it is absent. */
  optionalCount(key: string, fallback?: number): number | undefined {
    const value = this.raw(key);
    if (value === undefined) return Object.hasOwn(this.values, key) ? undefined : fallback;
    return this.count(key);
  }

  /** A number above 0. */
  number(key: string, fallback?: number): number {
    return this.#typed(key, fallback, "a number above 0", isPositive);
  }

  /** A number above 0, or undefined where the key is null; `fallback` where it is absent. */
  optionalNumber(key: string, fallback?: number): number | undefined {
    const value = this.raw(key);
    if (value === undefined) return Object.hasOwn(this.values, key) ? undefined : fallback;
    return this.#typed(key, undefined, "a number above 0", isPositive);
  }

  boolean(key: string, fallback?: boolean): boolean {
    return this.#typed(key, fallback, "true or false", (v): v is boolean => typeof v === "boolean");
  }

  text(key: string, fallback?: string): string {
    return this.#typed(key, fallback, "a text", (v): v is string => typeof v === "string");
  }

  /** Refuses a setting that, if given, is none of the values implemented. */
  only(key: string, ...allowed: readonly (string | number | boolean)[]): void {
    const value = this.raw(key);
    if (value !== undefined && !allowed.some((one) => one === value)) {
      throw this.refusal(key, allowed.map((one) => JSON.stringify(one)).join(" or "), value);
    }
  }

  /** An error that names a key, what it may be and what it is. */
  refusal(key: string, expected: string, value: unknown, help?: string): ModelError {
    const found = JSON.stringify(value) ?? "absent";
    return new ModelError(
      `${this.path}: \`${this.section}${key}\` must be ${expected}, and is ${found}`,
      help,
    );
  }

  /** Keys never asked for, apart from those that are switched off by their value (null, false, empty). */
  unasked(): string[] {
    return Object.keys(this.values).filter((key) =>
      !this.#asked.has(key) && !isOff(this.values[key])
    );
  }

  #typed<T>(
    key: string,
    fallback: T | undefined,
    expected: string,
    holds: (v: unknown) => v is T,
  ): T {
    const value = this.raw(key) ?? fallback;
    if (!holds(value)) throw this.refusal(key, expected, value);
    return value;
  }
}

/** Reads and parses a `config.json`. */
export async function readConfig(path: string): Promise<Config> {
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw notAModel.config(dirname(path));
    throw new ModelError(`cannot open ${path}: ${fileProblem(error)}`);
  }
  return parseConfig(path, text);
}

/** Parses the text of a `config.json`; `path` is for messages. */
export function parseConfig(path: string, text: string): Config {
  const values = parsedJson(path, text);
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new ModelError(`${path} holds no JSON object: ${text.slice(0, 40)}`);
  }
  return new Config(path, values as Record<string, unknown>);
}

/** Refuses any setting of a section that was not read. */
export function refuseUnread(section: Config): void {
  const [key] = section.unasked();
  if (key !== undefined) {
    throw unknownSettings(section, [key], "is not implemented");
  }
}

/** Refuses the settings that were neither read nor are known to leave the forward pass alone. */
export function refuseUnknownSettings(config: Config, harmless: readonly string[]): void {
  const known = new Set([...harmlessSettings, ...harmless]);
  const unknown = config.unasked().filter((key) =>
    !known.has(key) && !harmlessPrefixes.some((prefix) => key.startsWith(prefix))
  );
  if (unknown.length === 0) return;
  throw unknownSettings(config, unknown, "may change what the model computes, and is not known");
}

function unknownSettings(config: Config, keys: readonly string[], problem: string): ModelError {
  const found = keys.map((key) =>
    `\`${config.section}${key}\` ${JSON.stringify(config.values[key])}`
  );
  return new ModelError(
    `${config.path}: ${found.join(", ")} ${problem}`,
    "remove what does not change the model's outputs",
  );
}

const harmlessPrefixes = ["_", "unsloth_", "transformers"];

/** Settings of training, generation, storage and other uses: a forward pass without dropout does not depend on them. */
const harmlessSettings = [
  // what the folder is, and who wrote it
  ...["architectures", "auto_map", "dtype", "torch_dtype", "finetuning_task", "name_or_path"],
  ...["is_encoder_decoder", "is_llama_config", "model_name", "torchscript", "license"],
  // special tokens
  ...["bos_token_id", "eos_token_id", "pad_token_id", "sep_token_id", "unk_token_id"],
  ...["decoder_start_token_id", "forced_bos_token_id", "forced_eos_token_id", "mask_token_id"],
  ...["prefix", "tokenizer_class"],
  // training
  ...["initializer_range", "gradient_checkpointing", "attention_dropout", "hidden_dropout"],
  ...["classifier_dropout", "resid_pdrop", "embd_pdrop", "attn_pdrop", "summary_first_dropout"],
  ...["attention_probs_dropout_prob", "hidden_dropout_prob", "use_bfloat16", "embedding_dropout"],
  ...["neftune_noise_alpha"],
  // other heads
  ...["id2label", "label2id", "num_labels", "problem_type", "summary_activation", "summary_type"],
  ...["summary_proj_to_labels", "summary_use_proj", "task_specific_params"],
  // how it is run, not what is computed
  ...["use_cache", "cache_implementation", "chunk_size_feed_forward", "attn_implementation"],
  ...["output_attentions", "output_hidden_states", "return_dict", "use_return_dict"],
  ...["output_scores", "return_dict_in_generate", "tie_encoder_decoder", "pretraining_tp"],
  // generation
  ...["do_sample", "max_length", "max_new_tokens", "min_length", "num_beams", "num_beam_groups"],
  ...["num_return_sequences", "early_stopping", "temperature", "top_k", "top_p", "typical_p"],
  ...["length_penalty", "repetition_penalty", "no_repeat_ngram_size", "diversity_penalty"],
  ...["encoder_no_repeat_ngram_size", "bad_words_ids", "begin_suppress_tokens", "suppress_tokens"],
  ...["remove_invalid_values", "exponential_decay_length_penalty"],
];

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}

function isOff(value: unknown): boolean {
  return value === null || value === false || value === "" ||
    (typeof value === "object" && Object.keys(value as object).length === 0);
}
