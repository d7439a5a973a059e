/**
 * `compare a, b on ioi.test by kl`: the circuits' metrics with their intervals, and how much each shares with the first.
 *
 * @module
 */
import { overlap } from "../../../runtime/circuits/mod.ts";
import type { CompareQuery } from "../../syntax/tree.ts";
import type { Context } from "../context.ts";
import { at } from "../error.ts";
import { measure, metricsNamed } from "../measure/measure.ts";
import { circuitOf } from "../expressions.ts";
import type { CircuitValue, Value } from "../values.ts";
import { type CircuitRow, circuitTable, rowOf } from "./circuit_table.ts";

export async function compareCircuits(query: CompareQuery, context: Context): Promise<Value> {
  const { scope } = context;
  const metrics = query.by.length === 0 ? ["kl", "metric"] : metricsNamed(query.by, context);
  const place = scope.place(query);
  const rows: CircuitRow[] = [];
  let first: CircuitValue | undefined;
  for (const expression of query.circuits) {
    const value = await circuitOf(expression, context);
    first ??= value;
    const measured = await measure(value, metrics, query, place, context, true);
    const { shared, jaccard } = await at(place, () => overlap(first!.circuit, value.circuit));
    rows.push({
      ...rowOf(scope.written(expression), value),
      edges: value.circuit.edges.length,
      ...measured,
      "shared with first": shared,
      jaccard,
    });
  }
  const table = circuitTable(rows);
  const notes = table.columns.some((column) => column.endsWith(" low"))
    ? ["low and high: 95% bootstrap interval over the examples"]
    : [];
  return { kind: "table", table: { ...table, notes } };
}
