/** Ground truth: the circuit that a model compiled from a program is known to have. Nothing is run. @module */
import type { ProgramAblation } from "../../programs/mod.ts";
import { defineMethod, type Method, type SearchInput } from "../method.ts";
import { gradients } from "../cost.ts";
import { programAblation, truthFound } from "../truth.ts";

export interface GroundTruthOptions {
  /** Content of an edge that is cut, on which the circuit depends. */
  readonly ablation: ProgramAblation;
}

export const groundTruth: Method<GroundTruthOptions, unknown, SearchInput> = defineMethod({
  name: "ground_truth",
  about:
    "The circuit that a compiled program is known to have, under ablation `interchange` or `zero`. Only of models that come from a program.",
  source: "Lindner et al. 2023, arXiv:2301.05062",
  needs: "program",
  size: [],
  options: { ablation: programAblation },
  passes: () => gradients(0),
  run: (input, options) =>
    truthFound(input, "ground_truth", options, (plan, { knownEdges }) => ({
      names: knownEdges(plan, options.ablation),
      note: "known from compiling",
    })),
});
