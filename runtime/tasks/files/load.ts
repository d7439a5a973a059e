/** A task from data files. @module */
import type { MetricChoice } from "../../metrics/mod.ts";
import type { Tokenizer } from "../../models/mod.ts";
import { bySplit, metricFor, SPLITS } from "../definition.ts";
import { TaskError } from "../error.ts";
import type { TextPair } from "../pair.ts";
import type { Example, Split, Task } from "../task.ts";
import {
  checkAnswers,
  checkKnown,
  checkPrompts,
  PAIRS_AT_ONCE,
  type PairTokeniser,
  pairTokeniser,
  type TokeniseOptions,
} from "../tokenise.ts";
import { BrokenRows } from "./broken.ts";
import { type FilePair, rowReader } from "./columns.ts";
import { formatOf, readRows } from "./read.ts";
import { overlapOf, splitRows } from "./split.ts";

/** A task whose prompts are rows of files. */
export interface DataDefinition {
  /** Name of the task. */
  readonly name: string;
  /** One file, which is split at random by the seed, or a file for each split. */
  readonly files: string | Partial<Readonly<Record<Split, string>>>;
  /** Format of every file; absent: by each file's ending. */
  readonly format?: "jsonl" | "json" | "csv" | "tsv" | "parquet";
  /** Names of the columns in the files; an absent one is looked for under its usual names (`clean`, `prompt`, ...). */
  readonly columns?: {
    readonly clean?: string;
    readonly corrupted?: string;
    readonly answers?: string;
    readonly wrong?: string;
  };
  /** The task's own metric; absent: `logit_difference` where all examples have wrong answers, else `kl`. */
  readonly metric?: MetricChoice;
  /** Number of examples of each split. Absent: all rows. With a file for each split: the file's first ones. */
  readonly examples?: Partial<Readonly<Record<Split, number>>>;
  /** Seed of the random split. */
  readonly seed: number;
  /** Broken rows are left out and noted; otherwise the file is refused. */
  readonly skipBrokenRows?: boolean;
  /** Clean prompts that two splits' files share are noted; otherwise the files are refused. */
  readonly allowOverlap?: boolean;
}

/** Options of {@linkcode taskFromFiles}. */
export interface LoadOptions extends TokeniseOptions {
  /** Receives now and then the number of rows read, and of all rows, which may be an estimate. */
  readonly onProgress?: (
    progress: { readonly file: string; readonly done: number; readonly total: number },
  ) => void;
}

/** Name of the corruption of tasks whose corrupted prompts come from a file. */
export const FILE_CORRUPTION = "data";

interface LoadedRow {
  readonly place: string;
  readonly example: Example;
  /** Key of the clean prompt: rows of equal keys have the same one. */
  readonly key: string;
}

/**
 * Loads a task from JSON Lines, CSV, Parquet or prompt-set JSON.
 *
 * Repeats within a split are kept: data are what they are. The same clean prompt in two splits' files is refused
 * unless `allowOverlap`; when one file is split here it cannot happen.
 *
 * @param tokenizer null for models without one: prompts must then be token ids
 * @throws {TaskError} when a file cannot be read, a column is missing, a row is broken (all are listed up to a limit),
 *   splits overlap, or rows do not suffice
 *
 * @example
 * ```ts
 * const { tokenizer } = await openModel("examples/models/sorting-gpt");
 * const task = await taskFromFiles(
 *   { name: "sorting", files: "examples/sorting/pairs.jsonl", metric: "kl", seed: 1 },
 *   tokenizer,
 * );
 * task.examples.train[0].clean;
 * ```
 */
export async function taskFromFiles(
  definition: DataDefinition,
  tokenizer: Tokenizer | null,
  options: LoadOptions = {},
): Promise<Task> {
  const tokeniser = tokenizer === null ? null : pairTokeniser(tokenizer, options);
  const notes: string[] = [];
  const load = (path: string) => loadFile(path, definition, tokenizer, tokeniser, options, notes);
  let examples: Task["examples"];
  if (typeof definition.files === "string") {
    const rows = await load(definition.files);
    const split = splitRows(
      rows.map((row) => row.key),
      definition.examples,
      definition.seed,
      definition.files,
    );
    examples = bySplit((part) => split[part].map((row) => rows[row].example));
  } else {
    const rows = bySplit<LoadedRow[]>(() => []);
    for (const part of SPLITS) {
      const path = definition.files[part];
      if (path === undefined) continue;
      rows[part] = firstRows(await load(path), definition.examples?.[part], path);
    }
    examples = bySplit((part) => rows[part].map((row) => row.example));
    const overlap = overlapOf(rows, `task ${definition.name}`);
    if (overlap !== undefined) {
      if (!definition.allowOverlap) throw overlap;
      notes.push(overlap.message.split("\nhelp:")[0]);
    }
  }
  return {
    name: definition.name,
    corruption: FILE_CORRUPTION,
    metric: metricFor(definition.metric, examples),
    examples,
    notes: [...notes, ...tokeniser?.notes() ?? []],
  };
}

function firstRows(rows: LoadedRow[], count: number | undefined, path: string): LoadedRow[] {
  if (count !== undefined && rows.length < count) {
    throw new TaskError(path, `there are ${rows.length} rows, and ${count} examples are asked for`);
  }
  return rows.slice(0, count);
}

async function loadFile(
  path: string,
  definition: DataDefinition,
  tokenizer: Tokenizer | null,
  tokeniser: PairTokeniser | null,
  options: LoadOptions,
  notes: string[],
): Promise<LoadedRow[]> {
  const file = await readRows(path, path, definition.format ?? formatOf(path));
  const read = rowReader(definition.columns ?? {}, file.columns, path);
  const broken = new BrokenRows();
  const rows: LoadedRow[] = [];
  let done = 0;
  let waiting: (FilePair | TaskError)[] = [];
  /** Turns the rows that wait into examples, those of text all at once. */
  const settle = async () => {
    const texts = waiting.filter(isText);
    const examples = tokeniser?.examples(texts)[Symbol.asyncIterator]();
    for (const pair of waiting) {
      const example = pair instanceof TaskError
        ? pair
        : isText(pair)
        ? (await examples?.next())?.value ?? noTokenizer(pair.place)
        : orTaskError(() => exampleOfTokens(pair, tokenizer, options));
      if (example instanceof TaskError) broken.add(example);
      else rows.push(loadedRow(pair as FilePair, example));
    }
    waiting = [];
  };
  for (const row of file.rows) {
    done++;
    waiting.push(
      "problem" in row
        ? new TaskError(row.place, row.problem)
        : orTaskError(() => read(row.fields, row.place)),
    );
    if (waiting.length === PAIRS_AT_ONCE) {
      await settle();
      options.onProgress?.({ file: path, done, total: Math.max(done, file.count) });
    }
  }
  await settle();
  options.onProgress?.({ file: path, done, total: done });
  if (done === 0) throw new TaskError(path, "the file has no rows");
  if (broken.count > 0) {
    if (!definition.skipBrokenRows || rows.length === 0) throw broken.error(path, done);
    notes.push(broken.note(path, done));
  }
  const unchanged = rows.filter(({ example }) => isUnchanged(example));
  if (unchanged.length > 0) {
    notes.push(
      `${path}: in ${unchanged.length} of ${rows.length} rows the corrupted prompt is the clean one, ` +
        `first in ${unchanged[0].place}: they tell nothing of any edge under \`interchange\``,
    );
  }
  return rows;
}

const isUnchanged = ({ cleanTokens, corruptedTokens }: Example): boolean =>
  cleanTokens.every((token, i) => token === corruptedTokens[i]);

/** A pair of text. The reader has checked that all of a pair's parts are text when one is. */
const isText = (pair: FilePair | TaskError): pair is FilePair & TextPair =>
  !(pair instanceof TaskError) && typeof pair.clean === "string";

const loadedRow = ({ place, clean }: FilePair, example: Example): LoadedRow => ({
  place,
  example,
  key: typeof clean === "string" ? clean : clean.join(" "),
});

const noTokenizer = (place: string) =>
  new TaskError(
    place,
    "the prompt is text, and the model has no tokenizer",
    "give token ids: `clean_tokens`, `corrupted_tokens`",
  );

/** The result, or the error about the row. */
function orTaskError<T>(make: () => T): T | TaskError {
  try {
    return make();
  } catch (error) {
    if (error instanceof TaskError) return error;
    throw error;
  }
}

function exampleOfTokens(
  pair: FilePair,
  tokenizer: Tokenizer | null,
  options: LoadOptions,
): Example {
  const { place } = pair;
  const [clean, corrupted] = [pair.clean, pair.corrupted] as [number[], number[]];
  const [answers, wrong] = [pair.answers, pair.wrong] as [number[], number[]];
  const tokenText = (token: number) => tokenizer?.tokenText(token) ?? String(token);
  const vocabulary = options.vocabulary ?? tokenizer?.vocabulary;
  checkKnown(
    { cleanTokens: clean, corruptedTokens: corrupted, answers, wrong },
    vocabulary ?? Infinity,
    place,
  );
  checkPrompts(clean, corrupted, { place, tokenText, contextLength: options.contextLength });
  const text = (tokens: number[]) => tokenizer?.decode(tokens) ?? tokens.join(" ");
  const example: Example = {
    clean: text(clean),
    corrupted: text(corrupted),
    cleanTokens: Int32Array.from(clean),
    corruptedTokens: Int32Array.from(corrupted),
    answers: Int32Array.from(new Set(answers)),
    wrong: Int32Array.from(new Set(wrong)),
  };
  checkAnswers(example, place, tokenText);
  return example;
}
