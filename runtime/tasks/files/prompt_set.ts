/**
 * The prompt-set JSON that circuit tools share: `{"prompts": [{"clean", "corrupt", "answers", "wrong_answers"}]}`.
 *
 * @module
 */
import { pythonJson } from "../../../base/python_json.ts";
import { TaskError } from "../error.ts";
import { decodedLines } from "./lines.ts";
import type { Row, RowFile } from "./row.ts";

/**
 * Rows of a prompt set; a bare array of such objects is read as well. Other fields of the file are not looked at.
 *
 * @throws {TaskError} when the file is not UTF-8, not JSON, or has no list of prompts
 */
export function readPromptSet(bytes: Uint8Array, name: string): RowFile {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const line = [...decodedLines(bytes)].indexOf(null) + 1;
    throw new TaskError(`${name}:${line}`, "bytes that are not UTF-8");
  }
  let value: unknown;
  try {
    value = pythonJson(text);
  } catch (error) {
    if (isLines(text)) {
      throw new TaskError(
        name,
        "the file has one JSON object on each line",
        "such rows are read from files that end in .jsonl: rename it",
      );
    }
    throw new TaskError(name, `not JSON: ${error instanceof Error ? error.message : error}`);
  }
  const prompts = Array.isArray(value) ? value : (value as { prompts?: unknown } | null)?.prompts;
  if (!Array.isArray(prompts)) {
    throw new TaskError(
      name,
      "there is no list `prompts`",
      "JSON with one object a line is read from files ending in .jsonl",
    );
  }
  const rows = prompts.map((prompt: unknown, i): Row => {
    const place = `${name}, prompt ${i + 1}`;
    return typeof prompt === "object" && prompt !== null && !Array.isArray(prompt)
      ? { place, fields: prompt as Record<string, unknown> }
      : { place, problem: "not a JSON object" };
  });
  return { rows, count: rows.length };
}

/** True for JSON Lines: the first two lines that are not empty are each an object. */
function isLines(text: string): boolean {
  const first = text.split(/\r?\n/, 1000).filter((line) => line.trim() !== "").slice(0, 2);
  return first.length === 2 && first.every((line) => {
    try {
      return /^\s*\{/.test(line) && pythonJson(line) !== null;
    } catch {
      return false;
    }
  });
}
