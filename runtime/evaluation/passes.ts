/** Cost of measuring a circuit, before it is measured. @module */
import type { Circuit } from "../circuits/mod.ts";
import { mibShares } from "./curve.ts";
import { isMeasure, measures } from "./measures/mod.ts";
import { type MetricChoice, metricNamed } from "../metrics/mod.ts";

/**
 * Number of times that a circuit's measurement runs the examples.
 *
 * @param metric the task's own, which measures of whole circuits go by
 */
export function passesOfMeasures(
  { edges, universe }: Pick<Circuit, "edges" | "universe">,
  choices: readonly MetricChoice[],
  metric: MetricChoice,
): number {
  const outputs = choices.filter((choice) => !isMeasure(choice)).map(metricNamed);
  const whole = [...new Set(choices.filter(isMeasure))].map((name) => measures[name]);
  const full = edges.length === universe.edgeCount;
  // The full model's probabilities are known; its logits take a pass.
  const output = full ? outputs.some(({ reads }) => reads === "logits") : outputs.length > 0;
  const ends = whole.length === 0 ? 0 : metricNamed(metric).reads === "logits" ? 2 : 1;
  const curve = whole.some(({ needsScores }) => needsScores) ? mibShares.length : 0;
  return whole.reduce(
    (sum, { passes }) => sum + passes(edges.length),
    Number(output) + ends + curve,
  );
}
