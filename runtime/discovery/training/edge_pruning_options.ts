/** Options of Edge Pruning, their records, and what follows from them. @module */
import { cleanUpDefaults, type CleanUpOptions } from "../elimination/options.ts";
import { defaultsOf, inCircuit, inSchedule, type OptionRecords } from "../options.ts";
import { type TrainingOptions, trainingOptions } from "./method.ts";
import { sparsityAt, type SparsitySchedule } from "./sparsity.ts";

export interface EdgePruningOptions extends Omit<TrainingOptions, "fall" | "keep"> {
  /** Stretched to end at `keep` where that is given. Left out: from nothing closed to what `keep` leaves open, over three quarters of the steps after the warm-up. */
  readonly edgeSparsity: SparsitySchedule;
  /** Sparsity over heads and MLPs; null: no node masks. */
  readonly nodeSparsity: SparsitySchedule | null;
  /** Probability of being open that masks start with. */
  readonly startOpen: number;
  /**
   * Number of checks while the final sparsity is held: each cuts the circuit out and measures it on the training
   * examples, and the best one is returned. 0: the last one is returned unmeasured.
   */
  readonly checks: number;
  /**
   * After the last step, half as many edges again as asked for are cleaned up greedily by measurement (clean_up.ts),
   * or more of them where these are hardly better than the circuit found so far; whichever circuit is better on the
   * training examples is returned. Null: no clean-up. It measures every edge several times over, which suits small
   * models.
   */
  readonly cleanUp: CleanUpOptions | null;
  /** Edges to keep; default: what the final edge sparsity leaves open, rounded. */
  readonly keep?: number;
}

const { fall: _, keep: __, ...shared } = trainingOptions;

export const edgePruningOptions: OptionRecords<EdgePruningOptions> = {
  ...shared,
  keep: inCircuit("keep"),
  steps: inSchedule("steps", 1500),
  warmUp: inSchedule("warm_up", 20),
  edgeSparsity: inSchedule("edge_sparsity", { from: 0, to: 0.95, over: 1100, shape: "log" }),
  maskRate: inSchedule("learning_rate", 0.1),
  multiplierRate: inSchedule("learning_rate", 0.1),
  nodeSparsity: inSchedule<SparsitySchedule | null>("node_sparsity", null),
  startOpen: {
    kind: "share",
    inside: true,
    about: "Probability of being open that masks start with.",
    default: 0.9,
  },
  checks: {
    kind: "whole",
    least: 0,
    about: "How often the circuit is cut out and measured while the final sparsity is held.",
    default: 16,
  },
  cleanUp: {
    ...inCircuit<CleanUpOptions | null>("clean_up", null),
    read: (on) => on ? cleanUpDefaults : null,
  },
};

const defaults = defaultsOf(edgePruningOptions);

/** Options with what follows from others: a short run warms up briefly, and its sparsity still arrives. */
export function resolveOptions(
  given: Partial<EdgePruningOptions>,
  edgeCount: number,
): EdgePruningOptions {
  const { steps = defaults.steps, keep, within } = given;
  const warmUp = given.warmUp ?? Math.min(defaults.warmUp, Math.floor(steps / 10));
  const { edgeSparsity } = defaults;
  const climb: SparsitySchedule = {
    ...edgeSparsity,
    from: within === undefined ? edgeSparsity.from : 1 - within.length / edgeCount,
    to: keep === undefined ? edgeSparsity.to : 1 - keep / edgeCount,
    over: Math.round(0.75 * (steps - warmUp)),
  };
  return { ...defaults, ...given, warmUp, edgeSparsity: given.edgeSparsity ?? climb };
}

/** Number of edges to keep; not yet known to be in range. */
export const edgesToKeep = (
  { keep, steps, warmUp, edgeSparsity }: EdgePruningOptions,
  edgeCount: number,
): number => keep ?? Math.round(edgeCount * (1 - sparsityAt(edgeSparsity, steps, warmUp)));

/** The steps after which the circuit is checked: evenly over those at the final sparsity, the last one included. */
export function checkSteps(
  { steps, warmUp, edgeSparsity, checks }: EdgePruningOptions,
): Set<number> {
  const { over, points } = edgeSparsity;
  const climb = points ? points.at(-1)![0] : warmUp + over;
  const held = Math.max(1, steps - Math.ceil(climb));
  const count = Math.min(checks, held);
  return new Set(Array.from({ length: count }, (_, i) => steps - 1 - Math.floor(i * held / count)));
}

/** Options as provenance keeps them: the steps that were done, and the edges that were asked for. */
export function recordedOptions(options: EdgePruningOptions, budget: number, step: number) {
  const { edgeSparsity, nodeSparsity, within } = options;
  return {
    objective: options.objective,
    steps: step,
    warmUp: options.warmUp,
    edgeSparsity: edgeSparsity.to,
    sparsitySteps: edgeSparsity.over,
    ...(nodeSparsity ? { nodeSparsity: nodeSparsity.to } : {}),
    maskRate: options.maskRate,
    multiplierRate: options.multiplierRate,
    batch: options.batch,
    keep: budget,
    checks: options.checks,
    cleanUp: options.cleanUp !== null,
    warmStart: options.warmStart !== undefined,
    ...(within ? { within } : {}),
    seed: options.seed,
  };
}
