/**
 * `compare a, b on ioi.test by kl`: the circuits' metrics with their intervals, and how much each shares with the first.
 *
 * @module
 */
import { overlap } from "../../../runtime/circuits/mod.ts";
import type { CompareQuery } from "../../syntax/tree.ts";
import type { Context } from "../context.ts";
import { at } from "../error.ts";
import { measure, metricsNamed } from "../evaluation.ts";
import { circuitOf } from "../expressions.ts";
import type { CircuitValue, Value } from "../values.ts";
import { ablationOf } from "./evaluate.ts";

export async function compareCircuits(query: CompareQuery, context: Context): Promise<Value> {
  const { scope } = context;
  const metrics = query.by.length === 0 ? ["kl", "metric"] : metricsNamed(query.by, context);
  const place = scope.place(query);
  const rows = [];
  const ablations = new Set<string>();
  let columns: string[] = [];
  let first: CircuitValue | undefined;
  for (const expression of query.circuits) {
    const value = await circuitOf(expression, context);
    first ??= value;
    const measured = await measure(value, metrics, query, place, context, true);
    const { shared, jaccard } = await at(place, () => overlap(first!.circuit, value.circuit));
    ablations.add(ablationOf(value));
    columns = [
      "circuit",
      "ablation",
      "edges",
      ...Object.keys(measured),
      "shared with first",
      "jaccard",
    ];
    rows.push([
      scope.written(expression),
      ablationOf(value),
      value.circuit.edges.length,
      ...Object.values(measured),
      shared,
      jaccard,
    ]);
  }
  const notes = columns.some((column) => column.endsWith(" low"))
    ? ["low and high: 95% bootstrap interval over the examples"]
    : [];
  const told = (_: unknown, column: number) => columns[column] !== "ablation" || ablations.size > 1;
  return {
    kind: "table",
    table: { columns: columns.filter(told), rows: rows.map((row) => row.filter(told)), notes },
  };
}
