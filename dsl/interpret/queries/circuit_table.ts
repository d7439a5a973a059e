/** A table with a row for each of several circuits. @module */
import { ablationOf, type Cell, type Table } from "../../../runtime/circuits/mod.ts";
import type { Occasion } from "../../check/program.ts";
import type { Context } from "../context.ts";
import type { Place } from "../error.ts";
import { examplesOf } from "../measure/measure.ts";
import type { CircuitValue } from "../values.ts";

/** A thing with a name that others may have too, or a name alone. */
type Named = { readonly name: string } | string | null;

export type CircuitRow = Readonly<Record<string, Cell | Named>>;

/**
 * First cells of a circuit's row: the name, model, task, corruption and ablation.
 *
 * @param occasion undefined where nothing is measured
 */
export function rowOf(
  name: string,
  value: CircuitValue,
  occasion: Occasion | undefined,
  place: Place,
  context: Context,
): CircuitRow {
  const examples = occasion && examplesOf(value, occasion, place, context);
  return {
    circuit: name,
    model: value.model,
    task: examples?.task ?? null,
    corruption: examples?.corruption ?? null,
    ablation: ablationOf(value.circuit),
  };
}

/** Columns that a table has only where its circuits differ in them. */
const told = ["model", "task", "corruption", "ablation"];

/** The table of some rows, without what all circuits are measured on alike. A circuit may lack values that others have. */
export function circuitTable(rows: readonly CircuitRow[]): Table {
  // The full model's row, which comes first, has the fewest columns.
  const all: CircuitRow = Object.assign({}, ...rows.toReversed());
  const columns = Object.keys(all).flatMap((column) => {
    const cells = rows.map((row) => row[column]);
    if (!told.includes(column)) return [{ column, cells: cells as Cell[] }];
    const names = namesOf(cells.filter((cell) => cell !== undefined) as Named[]);
    const label = (cell: unknown) => names.get(cell as Named) ?? null;
    return new Set(names.values()).size > 1 ? [{ column, cells: cells.map(label) }] : [];
  });
  const ablations = new Set(
    rows.flatMap(({ ablation }) => typeof ablation === "string" ? ablation : []),
  );
  const [only] = ablations;
  return {
    columns: columns.map(({ column }) => column),
    rows: rows.map((_, i) => columns.map(({ cells }) => cells[i] ?? null)),
    ...(ablations.size === 1 && only !== "interchange" &&
      { notes: [`measured under \`${only}\``] }),
  };
}

/** Names of different things; things of one name, which a prompt may have declared again, are numbered. */
function namesOf(things: readonly Named[]): Map<Named, string> {
  const names = new Map<Named, string>();
  const groups = Map.groupBy(
    new Set(things),
    (thing) => typeof thing === "string" ? thing : thing?.name ?? "",
  );
  for (const [name, group] of groups) {
    group.forEach((thing, i) => names.set(thing, group.length > 1 ? `${name} (${i + 1})` : name));
  }
  return names;
}
