/** Differences of two starts of scripts: facts, scripts, circuits, and results cell by cell. @module */
import { basename, join } from "node:path";
import { nearest } from "../../../base/nearest.ts";
import { UserError } from "../../../base/user_error.ts";
import { textIfThere } from "../../../base/whole_file.ts";
import type { Cell, Table } from "../../../runtime/circuits/mod.ts";
import { parse } from "../../syntax/parse.ts";
import type { Statement } from "../../syntax/tree.ts";
import { differentResults } from "./compare_results.ts";
import {
  historyIn,
  readStart,
  resultsOf,
  runsTable,
  type Start,
  startsIn,
  type StoredResult,
} from "./history.ts";

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
  const swept = new Set([a, b].flatMap(({ script }) => sweptIn(parse(script).tree.statements)));
  for (const [of, x, y] of differentResults(a.results, b.results, swept)) add("result", of, x, y);
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

/** Lines that one script has and the other lacks, in pairs as far as there are as many; blank lines say nothing. */
function differentLines(a: string, b: string): [Cell, Cell][] {
  const lines = (text: string) => text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
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

/** Names of the variables of all sweeps. */
const sweptIn = (statements: readonly Statement[]): string[] =>
  statements.flatMap((statement) =>
    statement.kind === "SweepStatement"
      ? [...statement.variables.map(({ name }) => name.text), ...sweptIn(statement.statements)]
      : []
  );
