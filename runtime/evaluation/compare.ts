/**
 * Several circuits side by side.
 *
 * @module
 */
import type { Cell, Table } from "../tables/table.ts";
import type { Cost, MaskedModel, PreparedExamples } from "../stream/mod.ts";
import { circuitValues, evaluateCorrupted, evaluateFull } from "./evaluate.ts";
import { type MetricChoice, nameOfMetric } from "../metrics/metric.ts";
import { bootstrap, type BootstrapOptions } from "./intervals.ts";
import { reachableEdges } from "../universe/reachability.ts";
import type { NamedCircuit } from "./plots/plot.ts";

/** A circuit to compare. */
export interface ComparedCircuit extends NamedCircuit {
  /** Cost of finding it, where it is known. */
  readonly cost?: Cost;
}

/**
 * A table with a row for each circuit, for the full model and for the corrupted run: edges, those on a path, sparsity, every
 * metric with its bootstrap interval over the examples, and the cost.
 *
 * @throws {EvaluationError} if a metric is unknown, or has no value for an example
 * @throws {CircuitError} if a circuit is of another universe
 */
export async function compareCircuits(
  masked: MaskedModel,
  prepared: PreparedExamples,
  circuits: readonly ComparedCircuit[],
  choices: readonly MetricChoice[],
  options: Partial<BootstrapOptions> = {},
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
  const rows: Cell[][] = [];
  for (const { name, circuit, cost } of circuits) {
    const values = await circuitValues(masked, circuit, prepared, choices);
    const before = circuit.edges.length;
    rows.push([
      name,
      before,
      reachableEdges(circuit.universe, circuit.edges).length,
      1 - before / edgeCount,
      ...metrics.flatMap((metric) => {
        const { value, low, high } = bootstrap(values[metric], options);
        return [value, low, high];
      }),
      ...(costs ? [cost?.forward ?? null, cost?.gradient ?? null, cost?.seconds ?? null] : []),
    ]);
  }
  const ends = [
    ["full model", edgeCount, await evaluateFull(masked, prepared, choices)],
    ["corrupted run", 0, await evaluateCorrupted(masked, prepared, choices)],
  ] as const;
  for (const [name, edges, values] of ends) {
    rows.push([
      name,
      edges,
      edges,
      1 - edges / edgeCount,
      ...metrics.flatMap((metric) => [values[metric], null, null]),
      ...(costs ? [null, null, null] : []),
    ]);
  }
  return {
    columns,
    rows,
    notes: [
      `intervals: ${
        Math.round(100 * (options.level ?? 0.95))
      }% bootstrap over ${prepared.examples.length} examples`,
    ],
  };
}
