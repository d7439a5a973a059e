/** `evaluate a, b on ioi.test against truth by kl, exact_match`: a row per circuit, a column per metric. @module */
import { compareWithTruth, isMeasure, measureNames } from "../../../runtime/evaluation/mod.ts";
import { isMetricName, metricNames, metrics } from "../../../runtime/metrics/mod.ts";
import type { ExpressionOf } from "../../check/program.ts";
import type { Context } from "../context.ts";
import { at } from "../error.ts";
import { defaultMetrics, measure, wholeModel } from "../measure/measure.ts";
import { circuitOf } from "../operands.ts";
import type { CircuitValue, Value } from "../values.ts";
import { type CircuitRow, circuitTable, rowOf } from "./circuit_table.ts";

export async function evaluateCircuits(
  query: ExpressionOf<"evaluate">,
  context: Context,
): Promise<Value> {
  const { source } = context;
  const { occasion } = query;
  const place = source.place(query);
  const truth = query.against && await circuitOf(query.against, context);
  const asked = query.metrics.length > 0
    ? query.metrics
    : truth === undefined
    ? defaultMetrics
    : [];
  const rows: CircuitRow[] = [];
  for (const expression of query.circuits) {
    const value = await circuitOf(expression, context);
    if (rows.length === 0 && truth === undefined) rows.push(...await fullModel(value));
    rows.push({
      ...rowOf(
        source.written(expression),
        value,
        asked.length > 0 ? occasion : undefined,
        place,
        context,
      ),
      ...sizeOf(value),
      ...(asked.length > 0 &&
        await measure(value, asked, occasion, source.place(expression), context)),
      ...(truth && await againstTruth(value, truth)),
    });
  }
  const table = circuitTable(rows);
  const notes = [...table.notes ?? [], ...asked.includes("all") ? leftOut(rows) : []];
  return { kind: "table", table: { ...table, ...(notes.length > 0 && { notes }) } };

  /** The full model's row, where there is something to learn from it. */
  async function fullModel(value: CircuitValue): Promise<CircuitRow[]> {
    const own = asked.filter((metric) => !isMeasure(metric));
    if (own.every((metric) => isMetricName(metric) && metrics[metric].relative)) return [];
    const whole = wholeModel(value);
    const outputs = own.map((metric) => metric === "all" ? "outputs" : metric);
    const measured = await measure(whole, outputs, occasion, place, context);
    return [{ circuit: "(full model)", ...sizeOf(whole), ...measured }];
  }

  async function againstTruth({ circuit }: CircuitValue, truth: CircuitValue) {
    const { precision, recall, f1, area } = await at(
      place,
      () => compareWithTruth(circuit, truth.circuit),
    );
    return { precision, recall, f1, area };
  }
}

function sizeOf({ circuit: { edges, universe } }: CircuitValue) {
  return { edges: edges.length, sparsity: 1 - edges.length / universe.edgeCount };
}

/** The metrics and measures that `all` leaves out of the rows, with the reason. */
function leftOut(rows: readonly CircuitRow[]): string[] {
  const groups = [
    { names: metricNames, why: "not every example has wrong answers" },
    { names: measureNames, why: "no circuit has scores that rank its edges" },
  ];
  return groups.flatMap(({ names, why }) => {
    const missing = names.filter((name) => rows.every((row) => row[name] === undefined));
    return missing.length === 0 ? [] : [`left out, as ${why}: ${missing.join(", ")}`];
  });
}
