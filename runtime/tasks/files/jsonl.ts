/** JSON Lines: one object a line. @module */
import { pythonJson } from "../../../base/python_json.ts";
import { TaskError } from "../error.ts";
import { decodedLines } from "./lines.ts";
import type { Row, RowFile } from "./row.ts";

/**
 * Rows of JSON Lines. Empty lines are passed over. A line that is not UTF-8, not JSON or not an object is a row with a problem.
 * Python's `NaN` and `Infinity` are numbers.
 *
 * @throws {TaskError} when objects go over several lines, or the file is one list
 */
export function readJsonLines(bytes: Uint8Array, name: string): RowFile {
  refuseOtherJson(bytes, name);
  let count = 0;
  for (let i = bytes.indexOf(10); i >= 0; i = bytes.indexOf(10, i + 1)) count++;
  return { rows: rowsOf(bytes, name), count: count + (bytes.at(-1) === 10 ? 0 : 1) };
}

/** Lines of a pretty-printed value that are looked at for its end. */
const MOST_LINES = 2000;

function refuseOtherJson(bytes: Uint8Array, name: string): void {
  let [first, text, lines] = [0, "", 0];
  for (const line of decodedLines(bytes)) {
    if (line === null || ++lines - first > MOST_LINES) return;
    text += line + "\n";
    if (text.trim() === "") continue;
    first ||= lines;
    if (lines === first && !/^\s*[{[]/.test(line)) return;
    // Only a line that closes a bracket can end the value.
    if (!/[}\]]\s*$/.test(line)) continue;
    let value: unknown;
    try {
      value = pythonJson(text);
    } catch {
      continue;
    }
    const place = `${name}:${first}`;
    if (Array.isArray(value) && value.some((item) => typeof item === "object")) {
      throw new TaskError(
        place,
        "the file is one JSON list, and JSON Lines has one object on each line",
        "a list of objects is read from a file that ends in .json",
      );
    }
    if (lines > first) {
      throw new TaskError(
        place,
        `a JSON object goes over several lines (${first} to ${lines}), and JSON Lines has one object on each line`,
        "write each object on one line: `jq -c . FILE`, or in Python `json.dumps` without `indent`",
      );
    }
    return;
  }
}

function* rowsOf(bytes: Uint8Array, name: string): Generator<Row> {
  let line = 0;
  for (const text of decodedLines(bytes)) {
    const place = `${name}:${++line}`;
    if (text === null) yield { place, problem: "bytes that are not UTF-8" };
    else if (text.trim() !== "") yield parseRow(text, place);
  }
}

function parseRow(text: string, place: string): Row {
  let value: unknown;
  try {
    value = pythonJson(text);
  } catch {
    return { place, problem: `not JSON: ${excerpt(text)}` };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { place, problem: `not a JSON object: ${excerpt(text)}` };
  }
  return { place, fields: value as Record<string, unknown> };
}

function excerpt(text: string): string {
  const trimmed = text.trim();
  return trimmed.length <= 60 ? trimmed : `${trimmed.slice(0, 57)}...`;
}
