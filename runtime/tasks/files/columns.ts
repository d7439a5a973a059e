/** From a row's fields to a pair of prompts: which columns, and of what form. @module */
import { type Column, COLUMN_ROLES } from "../definition.ts";
import { TaskError } from "../error.ts";
import type { DataDefinition } from "./load.ts";
import { NOT_UTF8 } from "./row.ts";

/** Column names as the script gives them; what is absent is looked for under its usual names. */
export type ColumnNames = NonNullable<DataDefinition["columns"]>;

/** Usual names, in order of preference. */
const USUAL: Readonly<Record<Column, readonly string[]>> = {
  clean: ["clean", "clean_prompt", "prompt", "clean_tokens"],
  corrupted: [
    "corrupted",
    "corrupt",
    "corrupted_prompt",
    "corrupt_prompt",
    "corrupted_tokens",
    "corrupt_tokens",
  ],
  answers: ["answers", "answer", "correct", "answer_tokens", "answers_tokens"],
  wrong: [
    "wrong_answers",
    "wrong",
    "wrong_answer",
    "incorrect",
    "wrong_tokens",
    "wrong_answer_tokens",
  ],
};

/** A prompt or an answer as in the file: text, or token ids. */
export interface FilePair {
  readonly place: string;
  readonly clean: string | readonly number[];
  readonly corrupted: string | readonly number[];
  readonly answers: readonly (string | number)[];
  readonly wrong: readonly (string | number)[];
}

export type RowReader = (fields: Readonly<Record<string, unknown>>, place: string) => FilePair;

/**
 * A reader of rows with these columns. Given `available`, a column that no row can have is an error at once;
 * otherwise each row is checked when it is read.
 *
 * - A prompt is text, or a list of token ids.
 * - Answers are one text or a list of texts; with prompts of token ids, one id or a list of ids. Text may also be a
 *   list written as JSON (`["a", "b"]`, `[1, 2]`), which is how CSV holds lists.
 * - Wrong answers may be absent, null or empty.
 * - A field of a record is named behind it, `prompt.text`.
 * - What a column ending in `_tokens` holds is token ids, and never text.
 *
 * The reader throws {@linkcode TaskError} for a column that is missing or holds something else.
 */
export function rowReader(
  names: ColumnNames,
  available: readonly string[] | undefined,
  file: string,
): RowReader {
  if (available !== undefined) {
    for (const column of COLUMN_ROLES) {
      find(column, names, (name) => available.includes(name), available, file);
    }
  }
  return (fields, place) => {
    const field = (column: Column): unknown => {
      const name = find(
        column,
        names,
        (name) => valueAt(fields, name) !== undefined,
        Object.keys(fields),
        place,
      );
      if (name === undefined) return undefined;
      const value = valueAt(fields, name)!.value;
      if (name.endsWith("_tokens")) return listOfTokens(value, name, place);
      if (isRecord(value)) throw recordProblem(value, name, column, place);
      return value;
    };
    const clean = prompt(field("clean"), "clean", place);
    const corrupted = prompt(field("corrupted"), "corrupted", place);
    if ((typeof clean === "string") !== (typeof corrupted === "string")) {
      throw new TaskError(place, "one prompt is text and the other token ids");
    }
    const wantsText = typeof clean === "string";
    const answers = list(field("answers"), "answers", wantsText, place);
    if (answers.length === 0) throw new TaskError(place, "the answer is empty");
    return {
      place,
      clean,
      corrupted,
      answers,
      wrong: list(field("wrong"), "wrong answers", wantsText, place),
    };
  };
}

/** The value of a column: a field of the row, or a field of a record in it, `prompt.text`. */
function valueAt(
  fields: Readonly<Record<string, unknown>>,
  name: string,
): { readonly value: unknown } | undefined {
  if (Object.hasOwn(fields, name)) return { value: fields[name] };
  for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
    const inner = Object.hasOwn(fields, name.slice(0, dot))
      ? fields[name.slice(0, dot)]
      : undefined;
    // A record that is null has no fields, and so have its columns no value in this row.
    if (inner === null) return { value: null };
    const found = isRecord(inner) ? valueAt(inner, name.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function recordProblem(
  value: Readonly<Record<string, unknown>>,
  name: string,
  column: Column,
  place: string,
): TaskError {
  const inner = Object.keys(value).map((field) => `\`columns ${column} "${name}.${field}"\``);
  return new TaskError(
    place,
    `\`${name}\` holds a record: ${shown(value)}`,
    inner.length > 0 ? `name one of its fields: ${inner.slice(0, 4).join(", ")}` : "",
  );
}

/** The value of a column that is named for tokens, which text is not; a list may be written as JSON, as CSV has it. */
function listOfTokens(value: unknown, name: string, place: string): unknown {
  const isText = typeof value === "string" && value !== "" && !/^\d{1,9}$/.test(value);
  if (isText && parseList(value) === undefined) {
    throw new TaskError(
      place,
      `\`${name}\` must be a list of token ids, such as [3, 4, 5]: this is ${shown(value)}`,
      "a column of text has a name that does not end in `_tokens`",
    );
  }
  return value;
}

function find(
  column: Column,
  names: ColumnNames,
  has: (name: string) => boolean,
  available: readonly string[],
  place: string,
): string | undefined {
  const given = names[column];
  const found = given !== undefined ? (has(given) ? given : undefined) : USUAL[column].find(has);
  if (found !== undefined || (column === "wrong" && given === undefined)) return found;
  throw new TaskError(
    place,
    `there is no column \`${given ?? column}\``,
    available.length === 0
      ? ""
      : `columns are ${available.slice(0, 12).join(", ")}${available.length > 12 ? ", ..." : ""}`,
  );
}

function prompt(value: unknown, what: string, place: string): string | number[] {
  if (typeof value === "string" && looksLikeList(value)) {
    const parsed = parseList(value);
    if (parsed !== undefined && parsed.every((item) => typeof item === "number")) {
      return tokenIds(parsed, what, place);
    }
  }
  if (typeof value === "string" || value === NOT_UTF8) return text(value, what, place);
  if (isList(value)) return tokenIds([...value], what, place);
  throw new TaskError(
    place,
    `\`${what}\` must be text or a list of token ids: this is ${shown(value)}`,
  );
}

function list(
  value: unknown,
  what: string,
  wantsText: boolean,
  place: string,
): (string | number)[] {
  if (value === undefined || value === null || value === "") return [];
  const parsed = typeof value === "string" && looksLikeList(value) ? parseList(value) : undefined;
  const items = parsed ?? (isList(value) ? [...value] : [value]);
  if (!wantsText) return tokenIds(items.map(numberInText), what, place);
  return items.map((item) => {
    if (typeof item !== "string" && item !== NOT_UTF8) {
      throw new TaskError(
        place,
        `${what} must be text as the prompt is text: this is ${shown(item)}`,
        "token ids go with prompts of token ids (`clean_tokens`, `corrupted_tokens`)",
      );
    }
    const answer = text(item, what, place);
    if (answer === "") throw new TaskError(place, "the answer is empty");
    return answer;
  });
}

function text(value: string | typeof NOT_UTF8, what: string, place: string): string {
  if (value === NOT_UTF8) throw new TaskError(place, `\`${what}\` holds bytes that are not UTF-8`);
  if (!value.isWellFormed()) {
    throw new TaskError(place, `\`${what}\` holds half a surrogate pair, which no UTF-8 text can`);
  }
  return value;
}

function tokenIds(items: readonly unknown[], what: string, place: string): number[] {
  return items.map((item) => {
    const id = typeof item === "bigint" ? Number(item) : item;
    if (typeof id !== "number" || !Number.isSafeInteger(id) || id < 0) {
      throw new TaskError(place, `\`${what}\` must be token ids: this is ${shown(item)}`);
    }
    return id;
  });
}

function numberInText(item: unknown): unknown {
  return typeof item === "string" && /^\d{1,9}$/.test(item) ? Number(item) : item;
}

function isList(value: unknown): value is Iterable<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function looksLikeList(value: string): boolean {
  return value.startsWith("[") && value.endsWith("]");
}

function parseList(value: string): unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !isList(value);
}

function shown(value: unknown): string {
  if (typeof value !== "object" && typeof value !== "string") return String(value);
  const plain = (_: string, part: unknown) =>
    typeof part === "bigint" || Number.isNaN(part) ? `${part}` : part;
  const written = JSON.stringify(value, plain);
  return written.length <= 60 ? written : `${written.slice(0, 57)}...`;
}
