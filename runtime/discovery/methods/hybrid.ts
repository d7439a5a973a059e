/**
 * Three methods in a row, each doing what it is good at: integrated gradients throw out most edges at the cost of a few
 * passes; Edge Pruning chooses among the rest together; a greedy clean-up by measurement removes edges that do not matter
 * and puts back those that do.
 *
 * @module
 */
import { cleanUpDefaults, type CleanUpOptions } from "../cutting/clean_up.ts";
import { type EapIgOptions, integratedScores } from "./eap_ig.ts";
import { edgePruning, type EdgePruningState } from "./edge_pruning.ts";
import type { Discovery, DiscoveryStep, Method } from "../method.ts";
import { objectiveOf, openMasks } from "../objective.ts";
import { discoveryOf } from "../scoring.ts";
import { budgetOf, selectEdges } from "../selection/selection.ts";
import type { SparsitySchedule } from "../training/sparsity.ts";
import { trainingDefaults, type TrainingOptions } from "../training/training.ts";

export interface HybridOptions
  extends Omit<TrainingOptions, "fall">, Pick<EapIgOptions, "integrate"> {
  /** Points of the integrated gradients' path. */
  readonly points: number;
  /**
   * What integrated gradients leave to Edge Pruning: so many times the edges that are asked for, and at least such a share
   * of all edges. They take one edge at a time, and may miss some of a small circuit's.
   */
  readonly firstFactor: number;
  readonly firstShare: number;
  /** Sparsity over heads and MLPs while masks are learned; null: no node masks. Left out: half of them close. */
  readonly nodeSparsity?: SparsitySchedule | null;
  /** The last stage; null: none. */
  readonly cleanUp: CleanUpOptions | null;
}

/** What it takes to go on: what the first stage left, and Edge Pruning's state. */
export interface HybridState {
  readonly within: Uint32Array;
  readonly scores: Float32Array;
  readonly pruning: EdgePruningState | null;
  readonly steps: readonly DiscoveryStep[];
  /** Examples that the first stage ran. */
  readonly gradient: number;
}

const { fall: _, ...training } = trainingDefaults;
const defaults: HybridOptions = {
  ...training,
  steps: 400,
  warmUp: 20,
  maskRate: 0.1,
  multiplierRate: 0.1,
  integrate: "masks",
  points: 10,
  firstFactor: 8,
  firstShare: 0.25,
  cleanUp: { ...cleanUpDefaults, examples: 200, measured: 3, exchanges: 15, candidates: 12 },
};

/** Closing half of the components, in the time that closing edges takes. */
const halfOfNodes = (steps: number): SparsitySchedule => ({
  from: 0,
  to: 0.5,
  over: Math.round(0.75 * steps),
  shape: "log",
});

export const hybrid: Method<HybridOptions, HybridState> = {
  name: "hybrid",
  defaults,
  async run(input, given = {}, hooks = {}, resume): Promise<Discovery<HybridState>> {
    const options = { ...defaults, ...given };
    const { universe } = input.masked;
    const { firstFactor, firstShare, integrate, points, cleanUp, ...pruning } = options;
    const budget = budgetOf(options.keep, universe);
    const objective = objectiveOf(input, options.objective);
    const all = points + options.steps;
    const steps: DiscoveryStep[] = [...resume?.steps ?? []];
    const before = steps.at(-1)?.seconds ?? 0;
    const report = (step: DiscoveryStep): boolean => {
      steps.push({ ...step, seconds: before + objective.cost().seconds });
      hooks.onStep?.(steps.at(-1)!);
      return !hooks.signal?.aborted;
    };

    let first = resume?.pruning ? resume : undefined;
    let stopped = false;
    if (first === undefined) {
      steps.length = 0;
      const base = openMasks(input, options.within);
      let done = 0;
      const found = await integratedScores(
        {
          objective,
          base,
          step(at, of, loss, z) {
            done = at / of;
            const sparsity = 1 - z.reduce((sum, value) => sum + value, 0) / universe.edgeCount;
            return report({
              step: Math.max(1, Math.round(done * points)),
              steps: all,
              ...objective.report(loss),
              targetSparsity: sparsity,
              expectedSparsity: sparsity,
              seconds: 0,
            });
          },
        },
        universe,
        { steps: points, integrate },
      );
      stopped = done < 1;
      const scores = found.map((score, edge) => base[edge] > 0 ? Math.abs(score) : NaN);
      const { edges: within } = selectEdges(universe, scores, {
        keep: Math.min(
          universe.edgeCount,
          Math.round(Math.max(firstFactor * budget, firstShare * universe.edgeCount)),
        ),
        select: "top",
        within: options.within,
      });
      first = { within, scores, pruning: null, steps: [], gradient: objective.cost().gradient };
    }
    const stage = first;
    const { within, scores, gradient } = stage;
    const { keep: __, edgeSparsity, warmUp, nodeSparsity, ...learning } = pruning;
    const found = await edgePruning(
      input,
      {
        ...learning,
        warmUp: Math.min(warmUp, Math.floor(options.steps / 10)),
        keep: Math.min(budget, within.length),
        within,
        warmStart: options.warmStart ?? scores,
        cleanUp,
        nodeSparsity: nodeSparsity === undefined ? halfOfNodes(options.steps) : nodeSparsity,
        ...(edgeSparsity && { edgeSparsity }),
      },
      {
        signal: hooks.signal,
        onState: hooks.onState &&
          ((state) =>
            hooks.onState!(() => ({ ...stage, pruning: state() as EdgePruningState, steps }))),
        onStep: (step) => void report({ ...step, step: points + step.step, steps: all }),
      },
      first.pruning ?? undefined,
    );
    const { state: _state, ...discovery } = await discoveryOf(
      input,
      "hybrid",
      {
        ...found.circuit.provenance.options,
        points,
        integrate,
        first_factor: firstFactor,
        first_share: firstShare,
        within: within.length,
        seed: options.seed,
      },
      { edges: found.circuit.edges, raw: found.raw, reachable: found.reachable },
      found.circuit.scores,
      steps,
      {
        forward: found.cost.forward,
        gradient: gradient + found.cost.gradient,
        seconds: before + objective.cost().seconds,
      },
      stopped || found.stopped,
    );
    return {
      ...discovery,
      ...(!stopped && found.state &&
        { state: { ...stage, pruning: found.state, steps } }),
    };
  },
};
