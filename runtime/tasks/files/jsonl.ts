/** JSON Lines: one object a line. @module */
import { decodedLines } from "./lines.ts";
import type { Row, RowFile } from "./row.ts";

/** Empty lines are passed over. A line that is not UTF-8, not JSON or not an object is a row with a problem. */
export function readJsonLines(bytes: Uint8Array, name: string): RowFile {
  let count = 0;
  for (let i = bytes.indexOf(10); i >= 0; i = bytes.indexOf(10, i + 1)) count++;
  return { rows: rowsOf(bytes, name), count: count + (bytes.at(-1) === 10 ? 0 : 1) };
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
    value = JSON.parse(text);
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
