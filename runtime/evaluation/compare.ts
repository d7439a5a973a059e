/** Several circuits side by side. @module */
import type { Cell, Table } from "../tables/table.ts";
import type { Cost, MaskedModel, PreparedExamples } from "../stream/mod.ts";
import { circuitValues, evaluateCorrupted, evaluateFull } from "./evaluate.ts";
import { type MetricChoice, nameOfMetric } from "../metrics/mod.ts";
import { estimatesOf, type IntervalOptions } from "./intervals.ts";
import { reachableEdges } from "../universe/reachability.ts";
import type { NamedCircuit } from "./plots/plot.ts";

/** A circuit to compare. */
export interface ComparedCircuit extends NamedCircuit {
  /** Cost of finding it, where it is known. */
  readonly cost?: Cost;
}

/**
 * A table with a row for each circuit, for the full model and for the corrupted run: edges, those on a path, sparsity, every
 * metric with its confidence interval over the examples, and the cost.
 *
 * @throws {EvaluationError} if a metric is unknown, or has no value for an example
 * @throws {CircuitError} if a circuit is of another universe
 */
export async function compareCircuits(
  masked: MaskedModel,
  prepared: PreparedExamples,
  circuits: readonly ComparedCircuit[],
  choices: readonly MetricChoice[],
  options: Partial<IntervalOptions> = {},
): Promise<Table> {
  const metrics = choices.map(nameOfMetric);
  const { edgeCount } = masked.universe;
  const costs = circuits.some(({ cost }) => cost !== undefined);
  const columns = [
    "circuit",
    "edges",
    "on a path",
    "sparsity",
    ...metrics.flatMap((metric) => [metric, `${metric} low`, `${metric} high`]),
    ...(costs ? ["forward", "gradient", "seconds"] : []),
  ];
  const row = (
    name: string,
    edges: number,
    reachable: number,
    values: (metric: string) => Cell[],
    cost?: Cost,
  ): Cell[] => [
    name,
    edges,
    reachable,
    1 - edges / edgeCount,
    ...metrics.flatMap(values),
    ...(costs ? [cost?.forward ?? null, cost?.gradient ?? null, cost?.seconds ?? null] : []),
  ];
  const rows: Cell[][] = [];
  for (const { name, circuit: { universe, edges }, circuit, cost } of circuits) {
    const values = await circuitValues(masked, circuit, prepared, choices);
    const estimates = estimatesOf(values, choices, options);
    const interval = (metric: string) => {
      const { value, low, high } = estimates[metric];
      return [value, low, high];
    };
    const reachable = reachableEdges(universe, edges).length;
    rows.push(row(name, edges.length, reachable, interval, cost));
  }
  const full = await evaluateFull(masked, prepared, choices);
  rows.push(row("full model", edgeCount, edgeCount, (metric) => [full[metric], null, null]));
  const corrupted = await evaluateCorrupted(masked, prepared, choices);
  rows.push(row("corrupted run", 0, 0, (metric) => [corrupted[metric], null, null]));
  return {
    columns,
    rows,
    notes: [
      `intervals: ${
        Math.round(100 * (options.level ?? 0.95))
      }% confidence over ${prepared.examples.length} examples`,
    ],
  };
}
