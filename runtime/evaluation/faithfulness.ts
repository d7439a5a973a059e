/**
 * Measures of a whole circuit, all by one metric: faithfulness, completeness, minimality.
 *
 * @module
 */
import type { Circuit } from "../circuits/circuit.ts";
import { reachableEdges } from "../universe/reachability.ts";
import { complement } from "../circuits/sets.ts";
import type { MaskedModel, PreparedExamples } from "../stream/masked.ts";
import {
  circuitValues,
  corruptedValues,
  evaluateCircuit,
  fullValues,
  maskOf,
  meansOf,
  valueSequence,
} from "./evaluate.ts";
import { bootstrap, type BootstrapOptions, type Interval } from "./intervals.ts";
import { EvaluationError, type MetricChoice, nameOfMetric } from "../metrics/metric.ts";

/** A metric of the full model and of the corrupted run: the two ends that faithfulness is measured between. */
export interface Ends {
  readonly metric: MetricChoice;
  readonly full: number;
  readonly corrupted: number;
  /** The same of every example. */
  readonly each: { readonly full: Float64Array; readonly corrupted: Float64Array };
}

export async function endsOfMetric(
  masked: MaskedModel,
  prepared: PreparedExamples,
  metric: MetricChoice,
): Promise<Ends> {
  const name = nameOfMetric(metric);
  const full = await fullValues(masked, prepared, [metric]);
  const corrupted = await corruptedValues(masked, prepared, [metric]);
  return {
    metric,
    full: meansOf(full)[name],
    corrupted: meansOf(corrupted)[name],
    each: { full: full[name], corrupted: corrupted[name] },
  };
}

/**
 * (m(circuit) - m(corrupted)) / (m(full) - m(corrupted)): 1 is the full model, 0 the corrupted run; it can leave [0, 1].
 * A ratio of means, not a mean of ratios (Wang et al. 2022; Mueller et al. 2025).
 *
 * @throws {EvaluationError} if both ends are equal, so that there is nothing to be faithful to
 */
export function faithfulness(
  value: number,
  { metric, full, corrupted }: Pick<Ends, "metric" | "full" | "corrupted">,
): number {
  if (full === corrupted) {
    throw new EvaluationError(
      `Cannot normalise ${
        nameOfMetric(metric)
      } as the full model and the corrupted run must differ: both have ${full}`,
    );
  }
  return (value - corrupted) / (full - corrupted);
}

/** Faithfulness of a circuit. */
export async function circuitFaithfulness(
  masked: MaskedModel,
  circuit: Circuit,
  prepared: PreparedExamples,
  ends: Ends,
): Promise<number> {
  const values = await evaluateCircuit(masked, circuit, prepared, [ends.metric]);
  return faithfulness(values[nameOfMetric(ends.metric)], ends);
}

/**
 * Faithfulness of a circuit with its bootstrap interval over the examples. Circuit, full model and corrupted run are drawn
 * together, since they are measured on the same examples.
 */
export async function faithfulnessInterval(
  masked: MaskedModel,
  circuit: Circuit,
  prepared: PreparedExamples,
  ends: Ends,
  options: Partial<BootstrapOptions> = {},
): Promise<Interval> {
  const values = await circuitValues(masked, circuit, prepared, [ends.metric]);
  const of = values[nameOfMetric(ends.metric)];
  const value = faithfulness(meansOf({ of }).of, ends);
  const { full, corrupted } = ends.each;
  const interval = bootstrap(Array.from(of.keys()), options, (examples) => {
    let [gained, most] = [0, 0];
    for (const i of examples) {
      gained += of[i] - corrupted[i];
      most += full[i] - corrupted[i];
    }
    // A draw of examples that corruption leaves alone has nothing to be faithful to.
    return most === 0 ? value : gained / most;
  });
  return { ...interval, value };
}

/**
 * Faithfulness of what is left when the circuit is taken out of the model (Marks et al. 2024): near 0 when nothing of the
 * behaviour is outside it.
 */
export function completeness(
  masked: MaskedModel,
  circuit: Circuit,
  prepared: PreparedExamples,
  ends: Ends,
): Promise<number> {
  return circuitFaithfulness(masked, complement(circuit), prepared, ends);
}

/**
 * How much faithfulness the least important edge of the circuit is worth: the least |f(C) - f(C without e)| over its
 * edges (after Wang et al. 2022, who ask it of heads). 0 when an edge could go; one evaluation for every edge.
 *
 * @returns the least, and each edge's own
 */
export async function minimality(
  masked: MaskedModel,
  circuit: Circuit,
  prepared: PreparedExamples,
  ends: Ends,
): Promise<{ readonly minimality: number; readonly perEdge: ReadonlyMap<number, number> }> {
  const { universe } = masked;
  const whole = await circuitFaithfulness(masked, circuit, prepared, ends);
  const live = new Set(reachableEdges(universe, circuit.edges));
  const perEdge = new Map([...circuit.edges].map((edge) => [edge, 0]));
  const z = maskOf(universe, circuit.edges);
  const edges = circuit.edges.filter((edge) => live.has(edge));
  await using sequence = valueSequence(masked, prepared, [ends.metric]);
  const { masksPerPass } = sequence;
  for (let first = 0; first < edges.length; first += masksPerPass) {
    const some = edges.slice(first, first + masksPerPass);
    const masks = Array.from(some, (edge) => z.map((open, e) => e === edge ? 0 : open));
    const found = await sequence.values(masks);
    found.forEach((values, i) => {
      const value = meansOf(values)[nameOfMetric(ends.metric)];
      perEdge.set(some[i], Math.abs(whole - faithfulness(value, ends)));
    });
  }
  const least = [...perEdge.values()].reduce((a, b) => Math.min(a, b), Infinity);
  return { minimality: perEdge.size === 0 ? 0 : least, perEdge };
}
