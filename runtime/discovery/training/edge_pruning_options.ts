/**
 * What Edge Pruning can be asked for: options, their defaults, what follows from them, and what is out of range.
 *
 * @module
 */
import type { Universe } from "../../universe/universe.ts";
import type { CleanUpOptions } from "../cutting/clean_up.ts";
import { DiscoveryError } from "../method.ts";
import { sparsityAt, type SparsitySchedule } from "./sparsity.ts";

export interface EdgePruningOptions {
  /** What masks descend on: `kl`, the task's own `metric`, or a metric by name that has a gradient. */
  readonly objective: string;
  readonly steps: number;
  /** Steps before sparsity begins to climb; the masks' learning rate rises linearly meanwhile. */
  readonly warmUp: number;
  /** Left out: from nothing closed to what `keep` leaves open, over three quarters of the steps after the warm-up. */
  readonly edgeSparsity: SparsitySchedule;
  /** Sparsity over heads and MLPs; null: no node masks. */
  readonly nodeSparsity: SparsitySchedule | null;
  /** Adam's learning rates. */
  readonly maskRate: number;
  readonly multiplierRate: number;
  /** Examples a step. */
  readonly batch: number;
  /** Probability of being open that masks start with. */
  readonly startOpen: number;
  /**
   * How often, while the final sparsity is held, the circuit is cut out and run on the training examples; the best
   * one met is returned. 0: the last one is returned unseen.
   */
  readonly checks: number;
  /**
   * After the last step, half as many edges again as asked for are cleaned up greedily by measurement (clean_up.ts),
   * or more of them where these are hardly better than the circuit found so far; whichever circuit is better on the
   * training examples is returned. Null: no clean-up. It measures every edge several times over, which suits small
   * models.
   */
  readonly cleanUp: CleanUpOptions | null;
  readonly seed: number;
  /** Edges to keep; default: what the final edge sparsity leaves open, rounded. */
  readonly keep?: number;
  /** Only these edges may be open; sparsities still count all edges of the universe. Default: all. */
  readonly within?: Uint32Array;
  /** Scores to start from: the better a score, the more open a mask starts. One per edge, NaN for unknown. */
  readonly warmStart?: Float32Array;
}

export const edgePruningDefaults: EdgePruningOptions = {
  objective: "kl",
  steps: 1500,
  warmUp: 20,
  edgeSparsity: { from: 0, to: 0.95, over: 1100, shape: "log" },
  nodeSparsity: null,
  maskRate: 0.1,
  multiplierRate: 0.1,
  batch: 32,
  startOpen: 0.9,
  checks: 16,
  cleanUp: null,
  seed: 42,
};

/** Options with what follows from others: a short run warms up briefly, and its sparsity still arrives. */
export function resolveOptions(
  given: Partial<EdgePruningOptions>,
  edgeCount: number,
): EdgePruningOptions {
  const { steps = edgePruningDefaults.steps, keep, within } = given;
  const warmUp = given.warmUp ?? Math.min(edgePruningDefaults.warmUp, Math.floor(steps / 10));
  const { edgeSparsity } = edgePruningDefaults;
  const climb: SparsitySchedule = {
    ...edgeSparsity,
    from: within === undefined ? edgeSparsity.from : 1 - within.length / edgeCount,
    to: keep === undefined ? edgeSparsity.to : 1 - keep / edgeCount,
    over: Math.round(0.75 * (steps - warmUp)),
  };
  return { ...edgePruningDefaults, ...given, warmUp, edgeSparsity: given.edgeSparsity ?? climb };
}

/** Edges to keep. */
export function budgetOf(options: EdgePruningOptions, { edgeCount }: Universe): number {
  return options.keep ??
    Math.round(
      edgeCount * (1 - sparsityAt(options.edgeSparsity, options.steps, options.warmUp)),
    );
}

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

/** Options as provenance keeps them. */
export function recordedOptions(options: EdgePruningOptions, budget: number, step: number) {
  const { edgeSparsity, nodeSparsity, within } = options;
  return {
    objective: options.objective,
    steps: step,
    warm_up: options.warmUp,
    edge_sparsity: edgeSparsity.to,
    sparsity_steps: edgeSparsity.over,
    ...(nodeSparsity ? { node_sparsity: nodeSparsity.to } : {}),
    mask_rate: options.maskRate,
    multiplier_rate: options.multiplierRate,
    batch: options.batch,
    keep: budget,
    checks: options.checks,
    clean_up: options.cleanUp !== null,
    warm_start: options.warmStart !== undefined,
    ...(within ? { within: within.length } : {}),
  };
}

/** @throws {DiscoveryError} if an option is out of range */
export function checkOptions(
  options: EdgePruningOptions,
  { edgeCount }: Universe,
  examples: number,
  budget: number,
): void {
  const refuse = (what: string, problem: string): never => {
    throw new DiscoveryError(`Cannot prune with ${what}: it must be ${problem}`);
  };
  for (const name of ["steps", "batch"] as const) {
    const value = options[name];
    if (!Number.isInteger(value) || value < 1) {
      refuse(`${name} ${value}`, "a whole number from 1");
    }
  }
  for (const name of ["warmUp", "checks"] as const) {
    const value = options[name];
    if (!Number.isInteger(value) || value < 0) {
      refuse(`${name} ${value}`, "a whole number from 0");
    }
  }
  for (const name of ["edgeSparsity", "nodeSparsity"] as const) {
    const schedule = options[name];
    if (!schedule) continue;
    const shares = [schedule.from, schedule.to, ...(schedule.points ?? []).map(([, s]) => s)];
    const wrong = shares.find((share) => !(share >= 0 && share <= 1));
    if (wrong !== undefined) refuse(`${name} ${wrong}`, "from 0 to 1");
  }
  for (const name of ["maskRate", "multiplierRate"] as const) {
    if (!(options[name] > 0)) refuse(`${name} ${options[name]}`, "above 0");
  }
  if (!(options.startOpen > 0 && options.startOpen < 1)) {
    refuse(`startOpen ${options.startOpen}`, "between 0 and 1");
  }
  const { warmStart, within } = options;
  if (warmStart && warmStart.length !== edgeCount) {
    refuse(`warmStart of ${warmStart.length} scores`, `one score per edge: there are ${edgeCount}`);
  }
  const outside = within?.find((edge) => edge >= edgeCount);
  if (outside !== undefined) {
    refuse(`within edge ${outside}`, `an edge of the universe, which has ${edgeCount}`);
  }
  if (!Number.isInteger(budget) || budget < 0 || budget > edgeCount) {
    throw new DiscoveryError(`Cannot keep ${budget} edges: there are ${edgeCount}`);
  }
  if (examples === 0) throw new DiscoveryError("Cannot prune without training examples");
}
