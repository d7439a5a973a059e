/**
 * The history of runs: every start of a script, with its results as data.
 *
 * `runs/NAME/history/N` holds `run.json`, `results.json` and `script.circ` of the N-th start. A start is named `NAME/N`, and the
 * last one of a script also `NAME`.
 *
 * @module
 */
import { join } from "node:path";
import { isHeld } from "../../../base/lease.ts";
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

/** A result as it is read: rows by column. */
export interface StoredResult {
  readonly statement: string;
  readonly text?: string;
  readonly columns?: readonly string[];
  readonly rows?: readonly Readonly<Record<string, Cell>>[];
}

/** Results of a start; none where none can be read. */
export async function resultsOf(folder: string, number: number): Promise<StoredResult[]> {
  const text = await textIfThere(join(historyIn(folder), String(number), "results.json"));
  try {
    const results = JSON.parse(text ?? "[]");
    return Array.isArray(results) ? results : [];
  } catch {
    return [];
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();
  } catch {
    return [];
  }
}
