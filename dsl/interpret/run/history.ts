/**
 * The history of runs: every start of a script, with its results as data.
 *
 * `runs/NAME/history/N` holds `run.json`, `results.json` and `script.circ` of the N-th start. A start is named `NAME/N`, and the
 * last one of a script also `NAME`.
 *
 * @module
 */
import { basename, join } from "node:path";
import { isHeld } from "../../../base/lease.ts";
import { nearest } from "../../../base/nearest.ts";
import { UserError } from "../../../base/user_error.ts";
import { textIfThere } from "../../../base/whole_file.ts";
import { type Cell, renderJson, type Table } from "../../../runtime/circuits/mod.ts";
import type { RunOutput } from "./record.ts";

/** A start of a script, `run.json`. */
export interface Start {
  readonly format: "circ.run";
  /** Path of the script from the folder of runs; `-` for standard input. */
  readonly script: string;
  /** Time of the start, ISO 8601 in UTC. */
  readonly time: string;
  /** Arguments of the command. */
  readonly command: readonly string[];
  readonly version: string;
  /** The device that computed; the one asked for, where nothing was computed. */
  readonly device: string;
  readonly outcome: "running" | "done" | "not as expected" | "failed" | "stopped";
  readonly seconds?: number;
  /** Keys of the circuits, by name. */
  readonly circuits: Readonly<Record<string, string>>;
}

/** A result in `results.json`, with the statement that asked for it. */
export type Result =
  & { readonly statement: string }
  & (
    | { readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] }
    | { readonly text: string }
  );

export const LOCK = "lock";
export const historyIn = (folder: string): string => join(folder, "history");

/** Results as JSON, the same for the same results. Rows are lists of objects, as `--format json` writes them. */
export function resultsToJson(outputs: readonly RunOutput[]): string {
  const entries = outputs.flatMap((each) => {
    if (each.kind === "note") return [];
    const statement = `"statement":${JSON.stringify(each.of ?? "")}`;
    if (each.kind === "text") return [`{${statement},"text":${JSON.stringify(each.text)}}`];
    const { columns, notes = [] } = each.table;
    const about = `"columns":${JSON.stringify(columns)},"notes":${JSON.stringify(notes)}`;
    return [`{${statement},${about},"rows":${renderJson(each.table).trimEnd()}}`];
  });
  return `[\n${entries.join(",\n")}\n]\n`;
}

/** Numbers of a folder's starts, in order. */
export async function startsIn(folder: string): Promise<number[]> {
  const names = await namesIn(historyIn(folder));
  return names.map(Number).filter(Number.isInteger).sort((a, b) => a - b);
}

/** The record of a start; null where there is none that can be read. */
export async function readStart(folder: string, number: number): Promise<Start | null> {
  const text = await textIfThere(join(historyIn(folder), String(number), "run.json"));
  try {
    const start = JSON.parse(text ?? "null");
    return start?.format === "circ.run" ? start : null;
  } catch {
    return null;
  }
}

/** The table of all starts in a folder of runs, the latest last. */
export async function runsTable(runs: string): Promise<Table> {
  const found: { readonly time: string; readonly row: readonly Cell[] }[] = [];
  for (const name of await namesIn(runs)) {
    const folder = join(runs, name);
    const numbers = await startsIn(folder);
    const busy = await isHeld(join(folder, LOCK));
    for (const number of numbers) {
      const start = await readStart(folder, number);
      if (start === null) continue;
      const { time, script, command, version, device, outcome, seconds = null, circuits } = start;
      const ended = outcome !== "running"
        ? outcome
        : busy && number === numbers.at(-1)
        ? "running"
        : "killed";
      const results = (await resultsOf(folder, number)).length;
      const row = [
        `${name}/${number}`,
        time.slice(0, 19).replace("T", " "),
        script,
        command.join(" "),
        device,
        version,
        ended,
        seconds,
        Object.keys(circuits).length,
        results,
      ];
      found.push({ time, row });
    }
  }
  found.sort((a, b) => a.time < b.time ? -1 : a.time > b.time ? 1 : 0);
  return { columns, rows: found.map(({ row }) => row) };
}

const columns = [
  "run",
  "time",
  "script",
  "command",
  "device",
  "version",
  "outcome",
  "seconds",
  "circuits",
  "results",
];

/** Differences of two starts: of the facts about them, of their scripts, and of their results, cell by cell. */
export async function compareRuns(runs: string, first: string, second: string): Promise<Table> {
  const [a, b] = [await openStart(runs, first), await openStart(runs, second)];
  const rows: Cell[][] = [];
  const add = (what: string, of: string, x: Cell, y: Cell) => {
    if (x !== y) rows.push([what, of, x, y]);
  };
  for (const fact of ["script", "command", "version", "device", "outcome"] as const) {
    const text = (start: Start) => [start[fact]].flat().join(" ");
    add(fact, "", text(a.start), text(b.start));
  }
  const names = new Set([...Object.keys(a.start.circuits), ...Object.keys(b.start.circuits)]);
  for (const name of names) {
    const key = ({ start }: Opened) => start.circuits[name]?.slice(0, 12) ?? null;
    add("circuit", name, key(a), key(b));
  }
  for (const [x, y] of differentLines(a.script, b.script)) add("script line", "", x, y);
  for (const [of, x, y] of differentResults(a.results, b.results)) add("result", of, x, y);
  const notes = rows.length === 0 ? [`${first} and ${second} are the same`] : [];
  return { columns: ["what", "of", first, second], rows, notes };
}

interface Opened {
  readonly start: Start;
  readonly script: string;
  readonly results: readonly StoredResult[];
}

/** A start by its name, `NAME/N` or `NAME`. */
async function openStart(runs: string, name: string): Promise<Opened> {
  const [, of, given] = /^(.*?)(?:\/(\d+))?\/?$/.exec(name)!;
  const folder = join(runs, of);
  const number = given === undefined ? (await startsIn(folder)).at(-1) : Number(given);
  const start = number === undefined ? null : await readStart(folder, number);
  if (number === undefined || start === null) {
    const { rows } = await runsTable(runs);
    const near = nearest(name, rows.map(([run]) => String(run)));
    throw new UserError(
      `there is no run \`${name}\` in ${JSON.stringify(basename(runs))}`,
      near === undefined ? "`circ runs` lists them" : `did you mean \`${near}\`?`,
    );
  }
  const script = await textIfThere(join(historyIn(folder), String(number), "script.circ")) ?? "";
  return { start, script, results: await resultsOf(folder, number) };
}

/** A result as it is read: rows by column. */
interface StoredResult {
  readonly statement: string;
  readonly text?: string;
  readonly columns?: readonly string[];
  readonly rows?: readonly Readonly<Record<string, Cell>>[];
}

async function resultsOf(folder: string, number: number): Promise<StoredResult[]> {
  const text = await textIfThere(join(historyIn(folder), String(number), "results.json"));
  try {
    const results = JSON.parse(text ?? "[]");
    return Array.isArray(results) ? results : [];
  } catch {
    return [];
  }
}

/** Lines that one script has and the other lacks, in pairs as far as there are as many. */
function differentLines(a: string, b: string): [Cell, Cell][] {
  const lines = (text: string) => text.split(/\r?\n/).map((line) => line.trim());
  const [inA, inB] = [lines(a), lines(b)];
  const only = (these: string[], others: string[]) => {
    const left = new Map<string, number>();
    for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
    return these.filter((line) => {
      const count = left.get(line) ?? 0;
      left.set(line, count - 1);
      return count <= 0;
    });
  };
  const [x, y] = [only(inA, inB), only(inB, inA)];
  return Array.from(
    { length: Math.max(x.length, y.length) },
    (_, i) => [x[i] ?? null, y[i] ?? null],
  );
}

/** Cells and texts that differ, of results with the same statement, in order. */
function* differentResults(
  a: readonly StoredResult[],
  b: readonly StoredResult[],
): Generator<[of: string, x: Cell, y: Cell]> {
  const seen = new Map<string, number>();
  const rest = [...b];
  const shown = (result: StoredResult) => result.text ?? `${result.rows?.length ?? 0} rows`;
  for (const x of a) {
    const place = rest.findIndex(({ statement }) => statement === x.statement);
    const count = (seen.get(x.statement) ?? 0) + 1;
    seen.set(x.statement, count);
    const of = count === 1 ? x.statement : `${x.statement} (${count})`;
    if (place < 0) {
      yield [of, shown(x), null];
      continue;
    }
    const [y] = rest.splice(place, 1);
    if (x.rows === undefined || y.rows === undefined) {
      yield [of, shown(x), shown(y)];
      continue;
    }
    const all = new Set([...x.columns ?? [], ...y.columns ?? []]);
    for (let row = 0; row < Math.max(x.rows.length, y.rows.length); row++) {
      const [left, right] = [x.rows[row], y.rows[row]];
      const label = Object.values(left ?? right)[0];
      for (const column of all) {
        const cell = (cells?: Readonly<Record<string, Cell>>) => cells?.[column] ?? null;
        yield [`${of}: ${label}, ${column}`, cell(left), cell(right)];
      }
    }
  }
  for (const y of rest) yield [y.statement, null, shown(y)];
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();
  } catch {
    return [];
  }
}
