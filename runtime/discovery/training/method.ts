/** Methods that learn masks step by step: their options, and the facts that their records share. @module */
import { load } from "../../../base/load.ts";
import type { Universe } from "../../universe/universe.ts";
import { defineMethod, type Method, type MethodRecord } from "../method.ts";
import { inBoth, inCircuit, inSchedule, type OptionRecords } from "../options.ts";
import type { Keep } from "../size.ts";
import type { SparsitySchedule } from "./sparsity.ts";
import type { Learner, TrainingState } from "./training.ts";

export interface TrainingOptions {
  /** `kl`, the task's own `metric`, or a metric by name that has a gradient. */
  readonly objective: string;
  readonly steps: number;
  /** Examples a step. */
  readonly batch: number;
  /** Adam's learning rate of what is learned, and of the constraint's multipliers. */
  readonly maskRate: number;
  readonly multiplierRate: number;
  /** Steps during which the rate of what is learned rises, and nothing closes. */
  readonly warmUp: number;
  /** Share of the steps after the warm-up during which the number of open edges falls by equal factors; then it stays. */
  readonly fall: number;
  /** Sparsity over the steps, over all edges of the universe, in place of `fall`; stretched to end at `keep` where that is given. */
  readonly edgeSparsity?: SparsitySchedule;
  readonly keep: Exclude<Keep, { readonly above: number }>;
  readonly seed: number;
  /** Only these edges may be open. Default: all. */
  readonly within?: Uint32Array;
  /** Scores to start from, [edges]: the better a score, the more open a mask starts. NaN for unknown. */
  readonly warmStart?: Float32Array;
}

export const trainingOptions: OptionRecords<TrainingOptions> = {
  warmStart: inCircuit("start"),
  within: inCircuit("within"),
  keep: inCircuit("keep", { share: 0.05 }),
  seed: inCircuit("seed", 0),
  objective: inCircuit("objective", "kl"),
  steps: inBoth("steps", 600),
  warmUp: inSchedule("warm_up", 0),
  edgeSparsity: inSchedule("edge_sparsity"),
  maskRate: inSchedule("learning_rate", 0.15),
  multiplierRate: inSchedule("learning_rate", 0.2),
  batch: inBoth("batch", 32),
  fall: {
    kind: "share",
    about:
      "Share of the steps after the warm-up during which the number of open edges falls by equal factors.",
    default: 0.7,
  },
};

/** Options that the training itself reads. */
export type LearningOptions = Omit<TrainingOptions, "fall" | "keep"> & { readonly fall?: number };

/** A method that is nothing but a training: `learner` loads what it learns, and how that becomes a circuit. */
export function trainingMethod<Options extends TrainingOptions, Learned>(
  record: NoInfer<
    Omit<MethodRecord<Options>, "needs" | "size" | "followsGradient" | "run"> & {
      learner(universe: Universe, options: Options): Promise<Learner<Learned>>;
      /** Options as provenance keeps them, where these are others. */
      recorded?(options: Options): object;
    }
  >,
): Method<Options, TrainingState<Learned>> {
  const { learner, recorded, ...facts } = record;
  return defineMethod<Options, TrainingState<Learned>>({
    ...facts,
    needs: "examples",
    followsGradient: true,
    size: ["edge_sparsity", "keep"],
    async run(input, options, hooks, resume) {
      const { discoveryOf } = await load<typeof import("../discovery.ts")>(
        import.meta.resolve("../discovery.ts"),
      );
      const { train } = await load<typeof import("./training.ts")>(
        import.meta.resolve("./training.ts"),
      );
      const plan = {
        options,
        keep: options.keep,
        learner: await learner(input.masked.universe, options),
      };
      const { found, steps, stopped, cost, state } = await train(input, plan, hooks, resume);
      return await discoveryOf(input, {
        method: record.name,
        options: recorded?.(options) ?? options,
        selection: found,
        scores: found.scores,
        steps,
        cost: cost(),
        stopped,
        state: state(),
      });
    },
  });
}
