/** CSV with a header line (RFC 4180), read by csv-parse. @module */
import { type CsvError, parse } from "../../../base/packages/csv_parse.ts";
import { TaskError } from "../error.ts";
import { decodedLines } from "./lines.ts";
import type { Row, RowFile } from "./row.ts";

interface ParsedRecord {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/**
 * Rows of a CSV file. A row with too many or too few fields, or with bytes that are not UTF-8, has a problem; so has
 * one whose quotes csv-parse cannot make sense of.
 *
 * @throws {TaskError} when there is no header, or a column is named twice
 */
export function readCsv(bytes: Uint8Array, name: string, delimiter = ","): RowFile {
  const { text, badLines } = decode(bytes);
  const problems: Row[] = [];
  let lastLine = 0;
  const records: ParsedRecord[] = parse(text, {
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error: CsvError | undefined) => {
      const line = typeof error?.lines === "number" ? error.lines : lastLine + 1;
      const place = `${name}:${line}`;
      // The parser reports a broken row once for every quote in it.
      if (problems.at(-1)?.place !== place) problems.push({ place, problem: problemOf(error) });
      return undefined;
    },
  }) as unknown as ParsedRecord[];
  const header = records.shift();
  if (header === undefined) throw new TaskError(name, "there is no header line");
  const columns = header.record;
  const twice = columns.find((column, i) => columns.indexOf(column) !== i);
  if (twice !== undefined) {
    throw new TaskError(`${name}:1`, `the column \`${twice}\` is named twice`);
  }

  lastLine = header.info.lines;
  const rows = records.map(({ record, info }): Row => {
    const first = lastLine + 1;
    lastLine = info.lines;
    const place = `${name}:${first}`;
    if (badLines.some((line) => line >= first && line <= info.lines)) {
      return { place, problem: "bytes that are not UTF-8" };
    }
    if (record.length !== columns.length) {
      return { place, problem: `${record.length} fields where the header has ${columns.length}` };
    }
    return { place, fields: Object.fromEntries(columns.map((column, i) => [column, record[i]])) };
  });
  rows.push(...problems);
  return { rows, count: rows.length, columns };
}

/** Problem of a row that csv-parse rejected. */
function problemOf(error: CsvError | undefined): string {
  switch (error?.code) {
    case "CSV_INVALID_CLOSING_QUOTE":
      return 'a field in quotes goes on after its closing quote: a quote within a field is written ""';
    case "INVALID_OPENING_QUOTE":
      return 'a quote stands within a field that has none around it: write the field in quotes, and "" for a quote';
    case "CSV_QUOTE_NOT_CLOSED":
      return "a quote is opened and never closed";
    default:
      return `not CSV: ${error?.message ?? "unknown problem"}`;
  }
}

/** Text of the bytes, and the numbers of the lines that are not UTF-8 (whose broken bytes are replaced). */
function decode(bytes: Uint8Array): { text: string; badLines: number[] } {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), badLines: [] };
  } catch {
    const lines = [...decodedLines(bytes)];
    return {
      text: new TextDecoder().decode(bytes),
      badLines: lines.flatMap((line, i) => line === null ? [i + 1] : []),
    };
  }
}
