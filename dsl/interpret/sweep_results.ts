/** Results of a sweep: one table for each statement, with the swept values as columns. @module */
import type { Cell, Table } from "../../runtime/circuits/mod.ts";
import type { CheckedExpression } from "../check/program.ts";
import type { Symbol } from "../check/symbols.ts";
import type { Value } from "./values.ts";

/** A value of a sweep's variable, at one point. */
export interface Choice {
  readonly symbol: Symbol;
  readonly value: Value;
  /** As a script would write it. */
  readonly written: string;
}

/** A point of a sweep, and of those around it: outer choices first. */
export interface SweepPoint {
  readonly choices: readonly Choice[];
  readonly results: SweepResults;
}

/** A statement's result at a point. */
export interface Gathered {
  readonly choices: readonly Choice[];
  readonly table: Table;
}

export interface SweepResults {
  /** Adds what a statement came to at a point. */
  add(of: object, at: Gathered, finish: Finish): void;
  /**
   * Finishes the statements, in their order.
   *
   * @param whole false for a sweep that ended early, of which no files are written
   */
  finish(whole: boolean): Promise<void>;
}

/** Receives a statement's results at all points, or at those that a sweep came to. */
type Finish = (all: readonly Gathered[], whole: boolean) => Promise<void>;

export function sweepResults(): SweepResults {
  const entries = new Map<object, { readonly all: Gathered[]; readonly finish: Finish }>();
  return {
    add: (of, at, finish) => {
      const entry = entries.get(of) ?? { all: [], finish };
      entries.set(of, entry);
      entry.all.push(at);
    },
    finish: async (whole) => {
      for (const { all, finish } of entries.values()) await finish(all, whole);
    },
  };
}

/** A result as a table; null for what has no place in one. */
export function tableOf(value: Value, name: string): Table | null {
  switch (value.kind) {
    case "table":
      return value.table;
    case "number":
      return { columns: [name], rows: [[value.number]] };
    case "text":
      return { columns: [name], rows: [[value.text]] };
    case "truth":
      return { columns: [name], rows: [[value.truth]] };
    case "circuit": {
      const { edges, universe, provenance } = value.circuit;
      const sparsity = 1 - edges.length / universe.edgeCount;
      return {
        columns: ["circuit", "edges", "sparsity", "found by"],
        rows: [[name, edges.length, sparsity, provenance.expression]],
      };
    }
    default:
      return null;
  }
}

/** A swept value as a cell: shares as numbers from 0 to 1. */
function cellOf({ value, written }: Choice): Cell {
  return value.kind === "number" ? value.number : value.kind === "truth" ? value.truth : written;
}

/** One table of a statement's tables at all points. */
export function swept(all: readonly Gathered[], over?: Symbol): Table {
  const columns = [...new Set(all.flatMap(({ table }) => table.columns))];
  const variables = all[0].choices.map(({ symbol }) => symbol);
  const names = variables.map(({ name }) => columns.includes(name) ? `${name} (swept)` : name);
  const rows = all.flatMap(({ choices, table }) => {
    const places = columns.map((column) => table.columns.indexOf(column));
    return table.rows.map((row) => [
      ...choices.map(cellOf),
      ...places.map((place) => place < 0 ? null : row[place]),
    ]);
  });
  const noted = all.map(({ choices, table: { notes = [], rows, total } }) => ({
    at: labelOf(choices),
    notes: total === undefined || total === rows.length
      ? notes
      : [...notes, `${rows.length} of ${total} shown`],
  }));
  const [{ notes: first }] = noted;
  const same = noted.every(({ notes }) => notes.join("\n") === first.join("\n"));
  const notes = same ? first : noted.flatMap(({ at, notes }) => notes.map((n) => `at ${at}: ${n}`));
  const table: Table = { columns: [...names, ...columns], rows, notes };
  return over === undefined ? table : spread(table, variables.indexOf(over), variables.length);
}

export const labelOf = (choices: readonly Choice[]): string =>
  choices.map(({ symbol, written }) => `${symbol.name}=${written}`).join(", ");

/**
 * The table with rows that differ only in one swept value as one row: each number is their mean, with the standard deviation
 * (of a sample, n - 1) behind it.
 *
 * @param place the column of the swept value
 * @param swept number of columns of swept values, which come first
 */
function spread({ columns, rows, notes }: Table, place: number, swept: number): Table {
  const kept = columns.map((_, c) => c).filter((c) => c !== place);
  const isNumber = (c: number) =>
    c >= swept && rows.every((row) => row[c] === null || typeof row[c] === "number") &&
    rows.some((row) => typeof row[c] === "number");
  const groups = new Map<string, (typeof rows)[number][]>();
  for (const row of rows) {
    const key = JSON.stringify(kept.filter((c) => !isNumber(c)).map((c) => String(row[c])));
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(row);
  }
  const points = [...groups.values()];
  return {
    columns: [
      ...kept.flatMap((c) => isNumber(c) ? [columns[c], `${columns[c]} spread`] : [columns[c]]),
      "points",
    ],
    rows: points.map((group) => [
      ...kept.flatMap((c) =>
        isNumber(c) ? meanAndSpread(group.map((row) => row[c])) : [group[0][c]]
      ),
      group.length,
    ]),
    notes: [...notes ?? [], `mean and standard deviation over ${columns[place]}`],
  };
}

/** Mean and standard deviation, by differences from the first number: equal numbers are their mean, and spread by 0. */
function meanAndSpread(cells: readonly Cell[]): [mean: number | null, spread: number | null] {
  const numbers = cells.filter((cell) => typeof cell === "number");
  const count = numbers.length;
  if (count === 0) return [null, null];
  const [first] = numbers;
  const mean = first + numbers.reduce((sum, each) => sum + (each - first), 0) / count;
  if (count === 1) return [mean, null];
  const squares = numbers.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return [mean, Math.sqrt(squares / (count - 1))];
}

/** The variable that a statement runs over, of one that is shown or saved as a whole. */
export const overOf = (of: CheckedExpression): Symbol | undefined =>
  of.kind === "evaluate" ? of.over?.symbol : undefined;
