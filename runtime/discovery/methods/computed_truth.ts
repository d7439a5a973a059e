/**
 * Computed truth: a minimal set of edges that gives the output of the program that a model was compiled from, at every
 * position of every input. The model itself is not run.
 *
 * @module
 */
import type { Truth } from "../../programs/mod.ts";
import { defineMethod, type Method, type SearchInput } from "../method.ts";
import { inCircuit } from "../options.ts";
import { gradients } from "../cost.ts";
import { programAblation, truthFound } from "../truth.ts";
import type { GroundTruthOptions } from "./ground_truth.ts";

export interface ComputedTruthOptions extends GroundTruthOptions {
  /** Which other input each input is paired with. */
  readonly seed: number;
}

export const computedTruth: Method<ComputedTruthOptions, unknown, SearchInput> = defineMethod({
  name: "computed_truth",
  about:
    "The circuit of a compiled program, computed: a minimal set of edges that gives the program's output at every position of every input. A note tells whether it is the known one, which `ground_truth` gives.",
  source: "no paper",
  needs: "program",
  size: [],
  options: { ablation: programAblation, seed: inCircuit("seed", 0) },
  passes: () => gradients(0),
  run: (input, options) =>
    truthFound(input, "computed_truth", options, (plan, { truthOf }) => {
      const truth = truthOf(plan, options.ablation, options.seed);
      const inputs = plan.domain.inputs.length;
      return {
        names: truth.computed,
        note: `computed on all ${inputs} inputs; ${agreement(truth)}`,
      };
    }),
});

function agreement({ known, onlyKnown, onlyComputed, agree }: Truth): string {
  if (agree) return `the known circuit has the same ${counted(known.length)}`;
  const differences = [
    ...(onlyKnown.length > 0
      ? [`has ${counted(onlyKnown.length)} more (${onlyKnown.join(", ")})`]
      : []),
    ...(onlyComputed.length > 0 ? [`lacks ${onlyComputed.join(", ")}`] : []),
  ];
  return `the known circuit ${differences.join(" and ")}, and gives the same output`;
}

const counted = (edges: number) => edges === 1 ? "1 edge" : `${edges} edges`;
