/** Completeness. @module */
import { complement } from "../../circuits/sets.ts";
import { faithfulnessOf } from "./faithfulness.ts";
import type { Measure } from "./measure.ts";

export const completenessMeasure: Measure = {
  name: "completeness",
  about:
    "The same for what is left when the circuit is taken out of the model: near 0 when nothing of the behaviour is outside it.",
  source: "Marks et al. 2024, arXiv:2403.19647",
  needsScores: false,
  hasInterval: false,
  overSizes: true,
  passes: () => 1,
  value: (measured) => faithfulnessOf(measured, complement(measured.circuit).edges),
};
