/** Methods that score each edge independently: their options, and the facts that their records share. @module */
import { load } from "../../../base/load.ts";
import { defineMethod, type Method, type MethodRecord } from "../method.ts";
import { inCircuit, type OptionRecords } from "../options.ts";
import type { SelectionOptions } from "../selection/selection.ts";
import type { Scoring } from "./scoring.ts";

export interface ScoringOptions extends SelectionOptions {
  /** `kl`, the task's own `metric`, or a metric by name. */
  readonly objective: string;
  /** `magnitude`: edges that hinder count as much as edges that help. `signed`: edges that hinder come last. */
  readonly rank: "magnitude" | "signed";
}

export const scoringOptions: OptionRecords<ScoringOptions> = {
  keep: inCircuit("keep", { share: 0.05 }),
  select: inCircuit("select", "top"),
  rank: inCircuit("rank", "magnitude"),
  within: inCircuit("within"),
  objective: inCircuit("objective", "metric"),
};

/** A method that scores edges: `score` returns one number per edge, NaN where it did not get to one. */
export function scoringMethod<Options extends ScoringOptions>(
  record: NoInfer<
    Omit<MethodRecord<Options>, "needs" | "size" | "run"> & {
      score(scoring: Scoring, options: Options): Promise<Float32Array>;
    }
  >,
): Method<Options> {
  const { score, ...facts } = record;
  return defineMethod<Options>({
    ...facts,
    needs: "examples",
    size: ["keep"],
    run: async (input, options, hooks) =>
      (await load<typeof import("./scoring.ts")>(import.meta.resolve("./scoring.ts")))
        .discoverByScores(input, record.name, options, hooks, score),
  });
}
