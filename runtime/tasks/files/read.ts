/** Opens a data file by its ending. @module */
import { TaskError } from "../error.ts";
import type { DataDefinition } from "./load.ts";
import { readCsv } from "./csv.ts";
import { readJsonLines } from "./jsonl.ts";
import { readParquet } from "./parquet.ts";
import { readPromptSet } from "./prompt_set.ts";
import type { RowFile } from "./row.ts";

export type FileFormat = NonNullable<DataDefinition["format"]>;

const ENDINGS: Readonly<Record<string, FileFormat>> = {
  jsonl: "jsonl",
  ndjson: "jsonl",
  json: "json",
  csv: "csv",
  tsv: "tsv",
  parquet: "parquet",
};

/** The format that a file's ending names, or undefined. */
export function formatOf(path: string): FileFormat | undefined {
  return ENDINGS[/\.([^./\\]+)$/.exec(path)?.[1].toLowerCase() ?? ""];
}

/**
 * Reads a data file whole and gives its rows.
 *
 * @param name what messages call the file
 * @throws {TaskError} when there is no such file, its format is not known, or it is damaged as a whole
 */
export async function readRows(
  path: string,
  name: string,
  format = formatOf(path),
): Promise<RowFile> {
  if (format === undefined) {
    throw new TaskError(
      name,
      "the file's format cannot be told from its name",
      `it should end in ${Object.keys(ENDINGS).map((e) => `.${e}`).join(", ")}`,
    );
  }
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    throw new TaskError(name, reason(error));
  }
  if (format !== "parquet" && /^(255,254|254,255)$/.test(String(bytes.subarray(0, 2)))) {
    throw new TaskError(name, "the file is UTF-16", "save it as UTF-8");
  }
  switch (format) {
    case "jsonl":
      return readJsonLines(bytes, name);
    case "json":
      return readPromptSet(bytes, name);
    case "csv":
      return readCsv(bytes, name);
    case "tsv":
      return readCsv(bytes, name, "\t");
    case "parquet":
      return await readParquet(bytes, name);
  }
}

function reason(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "no such file";
  if (error instanceof Deno.errors.IsADirectory) return "this is a folder, not a file";
  return `cannot be read: ${error instanceof Error ? error.message : error}`;
}
