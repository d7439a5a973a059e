/**
 * `compare a, b on ioi.test by kl`: the circuits' metrics with their intervals, and how much each shares with the first.
 *
 * @module
 */
import { overlap } from "../../../runtime/circuits/mod.ts";
import type { ExpressionOf } from "../../check/program.ts";
import type { Context } from "../context.ts";
import { at } from "../error.ts";
import { defaultMetrics, measure } from "../measure/measure.ts";
import { circuitsOf } from "../operands.ts";
import type { CircuitValue, Value } from "../values.ts";
import { type CircuitRow, circuitTable, rowOf } from "./circuit_table.ts";

export async function compareCircuits(
  query: ExpressionOf<"compare">,
  context: Context,
): Promise<Value> {
  const metrics = query.metrics.length === 0 ? defaultMetrics : query.metrics;
  const place = context.source.place(query);
  const rows: CircuitRow[] = [];
  let first: CircuitValue | undefined;
  for (const { name, value } of await circuitsOf(query.circuits, context)) {
    first ??= value;
    const measured = await measure(value, metrics, query.occasion, place, context, true);
    const { shared, jaccard } = await at(place, () => overlap(first!.circuit, value.circuit));
    rows.push({
      ...rowOf(name, value, query.occasion, place, context),
      edges: value.circuit.edges.length,
      ...measured,
      "shared with first": shared,
      jaccard,
    });
  }
  const table = circuitTable(rows);
  const notes = table.columns.some((column) => column.endsWith(" low"))
    ? ["low and high: 95% confidence interval over the examples, where they differ"]
    : [];
  return { kind: "table", table: { ...table, notes: [...table.notes ?? [], ...notes] } };
}
