/**
 * The prompt-set JSON that circuit tools share: `{"prompts": [{"clean", "corrupt", "answers", "wrong_answers"}]}`.
 *
 * @module
 */
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
    value = JSON.parse(text);
  } catch (error) {
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
