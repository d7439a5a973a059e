/** Candidates for the circuit that a training ends with: cut out of the masks, and measured. @module */
import { ranking } from "../../circuits/mod.ts";
import { maskOf, type Universe } from "../../universe/universe.ts";
import type { Objective } from "../objective.ts";
import { selectBest, type Selection } from "../selection/select.ts";

export interface Candidate extends Selection {
  /** [edges], NaN for edges that may not be open. */
  readonly scores: Float32Array;
  /** Mean loss on all training examples; NaN while it is not measured. */
  readonly loss: number;
}

/** The best edges by score [edges], among those that may be open. */
export function bestByScore(
  universe: Universe,
  base: Float32Array,
  scores: Float32Array,
  budget: number,
): Omit<Candidate, "loss"> {
  const order = ranking(scores).filter((edge) => base[edge] > 0);
  return { ...selectBest(universe, scores, budget, order), scores };
}

/** A candidate with its loss. */
export const measured = async (
  objective: Objective,
  universe: Universe,
  candidate: Omit<Candidate, "loss">,
): Promise<Candidate> => ({
  ...candidate,
  loss: await objective.loss(maskOf(universe, candidate.edges)),
});

/** The candidate of the lower loss; the second one where the first one is not measured. */
export const betterOf = (a: Candidate | null, b: Candidate): Candidate =>
  a === null || Number.isNaN(a.loss) || b.loss < a.loss ? b : a;
