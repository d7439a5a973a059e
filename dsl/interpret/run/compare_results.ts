/** Differences of two starts' results: their rows are paired by what identifies them. @module */
import type { Cell } from "../../../runtime/circuits/mod.ts";
import type { StoredResult } from "./history.ts";

type Row = Readonly<Record<string, Cell>>;
type Difference = readonly [of: string, x: Cell, y: Cell];

/** The cell of a row that the other run has alone. */
const NO_ROW = "no row";

/**
 * Cells and texts of results with the same statement, in order; equal ones are among them.
 *
 * @param swept names of variables of the scripts' sweeps
 */
export function* differentResults(
  a: readonly StoredResult[],
  b: readonly StoredResult[],
  swept: ReadonlySet<string>,
): Generator<Difference> {
  const seen = new Map<string, number>();
  const rest = [...b];
  for (const x of a) {
    const place = rest.findIndex(({ statement }) => statement === x.statement);
    const of = numbered(x.statement, seen);
    if (place < 0) {
      yield [of, shown(x), null];
      continue;
    }
    const [y] = rest.splice(place, 1);
    if (x.rows === undefined || y.rows === undefined) yield [of, shown(x), shown(y)];
    else yield* differentRows(of, x, y, swept);
  }
  for (const y of rest) yield [y.statement, null, shown(y)];
}

function shown({ text, rows = [] }: StoredResult): string {
  return text ?? (rows.length === 1 ? "1 row" : `${rows.length} rows`);
}

/** A name with the number of its occurrence, from the second on. */
function numbered(name: string, seen: Map<string, number>): string {
  const count = (seen.get(name) ?? 0) + 1;
  seen.set(name, count);
  return count === 1 ? name : `${name} (${count})`;
}

function* differentRows(
  of: string,
  x: StoredResult,
  y: StoredResult,
  swept: ReadonlySet<string>,
): Generator<Difference> {
  const [left, right] = [x.rows ?? [], y.rows ?? []];
  const columns = [...new Set([...x.columns ?? [], ...y.columns ?? []])];
  const keys = identifying(x, y, columns, swept);
  const values = columns.filter((column) => !keys.has(column));
  const labelled = (rows: readonly Row[]) => {
    const seen = new Map<string, number>();
    return new Map(rows.map((row) => [numbered(labelOf(row, keys), seen), row]));
  };
  const [inX, inY] = [labelled(left), labelled(right)];
  for (const label of new Set([...inX.keys(), ...inY.keys()])) {
    const [one, other] = [inX.get(label), inY.get(label)];
    for (const column of values) {
      const cell = (row?: Row) => row === undefined ? NO_ROW : row[column] ?? null;
      yield [`${of}: ${label}, ${column}`, cell(one), cell(other)];
    }
    if (values.length === 0) {
      yield [`${of}: ${label}`, one ? "row" : NO_ROW, other ? "row" : NO_ROW];
    }
  }
}

/**
 * The columns that say which row is which, with the names that a label has for them: values of sweeps, which come first,
 * and texts other than the result itself. Where there are none, the first column of several.
 */
function identifying(
  x: StoredResult,
  y: StoredResult,
  columns: readonly string[],
  swept: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const rows = [...x.rows ?? [], ...y.rows ?? []];
  const nameOf = (column: string) => column.replace(/ \(swept\)$/, "");
  const inFront = ({ columns = [] }: StoredResult) => {
    const own = columns.slice(0, -1);
    const end = own.findIndex((column) => !swept.has(nameOf(column)));
    return end < 0 ? own : own.slice(0, end);
  };
  const points = new Set([...inFront(x), ...inFront(y)]);
  const texts = columns.filter((column) =>
    !points.has(column) && column !== x.statement &&
    rows.some((row) => typeof row[column] === "string") &&
    rows.every((row) => typeof (row[column] ?? "") === "string")
  );
  const keys = new Map([
    ...[...points].map((column) => [column, `${nameOf(column)}=`] as const),
    ...texts.map((column) => [column, ""] as const),
  ]);
  return keys.size > 0 || columns.length < 2 ? keys : new Map([[columns[0], `${columns[0]}=`]]);
}

function labelOf(row: Row, keys: ReadonlyMap<string, string>): string {
  const known = [...keys].filter(([column]) => (row[column] ?? null) !== null);
  return known.map(([column, name]) => `${name}${row[column]}`).join(", ") || "row";
}
