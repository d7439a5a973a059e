/**
 * Precautions against the beginning token that turn out to be unneeded.
 *
 * The planner takes care that a value at the beginning token reaches no reader. Some readers ignore that value in any case,
 * and edges that serve such a precaution alone would be part of the known circuit without any effect: precautions are tried
 * one by one, and those that no output needs are left out.
 *
 * @module
 */
import { isExactOn } from "./exact.ts";
import type { CompiledProgram } from "./plan.ts";
import { programTensors } from "./weights.ts";

/** Programs with more inputs keep all precautions: trying them takes a run of every input. */
export const MOST_INPUTS_TRIED = 5000;

/**
 * The plan without precautions that make no difference on any input, those nearest to the logits left out first.
 *
 * @param planned the plan that takes all precautions but the given ones, by their edges
 */
export function withoutSpare(
  planned: (spared: ReadonlySet<string>) => CompiledProgram,
): CompiledProgram {
  let plan = planned(new Set());
  if (plan.domain.inputs.length > MOST_INPUTS_TRIED) return plan;
  const spared = new Set<string>();
  for (const edge of plan.precautions.toReversed()) {
    const without = planned(new Set([...spared, edge]));
    if (!isExact(without)) continue;
    spared.add(edge);
    plan = without;
  }
  return plan;
}

/** True if the weights give the program's output on every input. */
function isExact(plan: CompiledProgram): boolean {
  const tensors = programTensors(plan);
  // Longer inputs go first, as a beginning token that disturbs shows there sooner.
  return [...plan.domain.inputs.keys()].reverse().every((i) => isExactOn(plan, tensors, i));
}
