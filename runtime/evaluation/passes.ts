/**
 * What measuring a circuit costs, before it is measured.
 *
 * @module
 */
import type { Circuit } from "../circuits/circuit.ts";
import { mibShares } from "./curve.ts";
import { isMeasure } from "./measures.ts";
import type { MetricChoice } from "../metrics/metric.ts";
import { metricNamed } from "../metrics/mod.ts";

/**
 * How many times a circuit's measurement runs the examples, at most.
 *
 * @param metric the task's own, which measures of whole circuits go by
 */
export function passesOfMeasures(
  { edges, universe }: Pick<Circuit, "edges" | "universe">,
  choices: readonly MetricChoice[],
  metric: MetricChoice,
): number {
  const asked = new Set(choices);
  const outputs = choices.filter((choice) => !isMeasure(choice)).map(metricNamed);
  const whole = choices.filter(isMeasure);
  const full = edges.length === universe.edgeCount && whole.length === 0;
  // The full model's probabilities are known; its logits take a pass.
  const output = full ? outputs.some(({ reads }) => reads === "logits") : outputs.length > 0;
  const ends = whole.length === 0 ? 0 : metricNamed(metric).reads === "logits" ? 2 : 1;
  const curve = ["cpr", "cmd", "log_area"].some((name) => asked.has(name)) ? mibShares.length : 0;
  return Number(output) + ends + Number(asked.has("faithfulness")) +
    Number(asked.has("completeness")) + (asked.has("minimality") ? edges.length + 1 : 0) + curve;
}
