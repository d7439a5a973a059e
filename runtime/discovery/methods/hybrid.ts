/**
 * Integrated gradients, Edge Pruning and clean-up in a row, each doing what it is good at:
 *
 * 1. integrated gradients (EAP-IG, Hanna et al. 2024, arXiv 2403.17806) throw out most edges at the cost of a few passes;
 * 2. Edge Pruning (Bhaskar et al. 2024, arXiv 2406.16778) chooses among the rest together, from a start in their order;
 * 3. a greedy clean-up by measurement (clean_up.ts) removes edges that do not matter and puts back those that do.
 *
 * @module
 */
import { discoveryOf } from "../discovery.ts";
import { cleanUpDefaults, type CleanUpOptions } from "../elimination/clean_up.ts";
import type { Cost } from "../../stream/mod.ts";
import {
  defineMethod,
  type DiscoveryHooks,
  type DiscoveryInput,
  type DiscoveryStep,
  type Method,
} from "../method.ts";
import { inCircuit, inSchedule } from "../options.ts";
import { objectiveOf, openMasks } from "../objective.ts";
import { integratedScores, type IntegrationOptions } from "../scoring/integrated_gradients.ts";
import { budgetOf, selectEdges } from "../selection/selection.ts";
import { recordSteps, sparsityOf } from "../steps.ts";
import { type TrainingOptions, trainingOptions } from "../training/options.ts";
import type { SparsitySchedule } from "../training/sparsity.ts";
import { eapIg } from "./eap_ig.ts";
import { edgePruning, type EdgePruningOptions, type EdgePruningState } from "./edge_pruning.ts";

export interface HybridOptions
  extends Omit<TrainingOptions, "fall">, Pick<IntegrationOptions, "integrate"> {
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

/** The first stage's result: the edges that stay, the scores [edges] of all, and its part of the report. */
interface Narrowed {
  readonly within: Uint32Array;
  readonly scores: Float32Array;
  readonly steps: readonly DiscoveryStep[];
  readonly cost: Cost;
  readonly stopped: boolean;
}

/** The first stage's result, and the state of the second. */
export interface HybridState {
  readonly narrowed: Narrowed;
  readonly pruning: EdgePruningState;
}

const { fall: _, ...shared } = trainingOptions;
const { options: { integrate, steps: points } } = eapIg;

/** Removal of the last stage: measured by fewer edges on more examples. */
const lastStage: CleanUpOptions = {
  ...cleanUpDefaults,
  examples: 200,
  measured: 3,
  exchanges: 15,
  candidates: 12,
};

/** Closing half of the components, in the time that closing edges takes. */
const halfOfNodes = (steps: number): SparsitySchedule => ({
  from: 0,
  to: 0.5,
  over: Math.round(0.75 * steps),
  shape: "log",
});

export const hybrid: Method<HybridOptions, HybridState> = defineMethod<HybridOptions, HybridState>({
  name: "hybrid",
  about:
    "Integrated gradients first, then Edge Pruning on what they kept, then a clean-up that removes edges that do not matter and puts back those that do.",
  needs: "examples",
  followsGradient: true,
  size: ["edge_sparsity", "keep"],
  options: {
    ...shared,
    points: { ...points, default: 10 },
    integrate: { ...integrate, default: "masks" },
    steps: inSchedule("steps", 400),
    warmUp: inSchedule("warm_up", 20),
    maskRate: inSchedule("learning_rate", 0.1),
    multiplierRate: inSchedule("learning_rate", 0.1),
    nodeSparsity: inSchedule("node_sparsity"),
    firstFactor: {
      kind: "number",
      above: 0,
      about: "Edges that the first stage leaves, as a multiple of those asked for.",
      default: 8,
    },
    firstShare: {
      kind: "share",
      about: "Share of all edges that the first stage leaves at least.",
      default: 0.25,
    },
    cleanUp: {
      ...inCircuit<CleanUpOptions | null>("clean_up", lastStage),
      read: (on) => on ? lastStage : null,
    },
  },
  passes({ points, integrate, keep: _, ...options }, search) {
    const first = eapIg.passes({ ...eapIg.defaults, steps: points, integrate }, search);
    const warmUp = Math.min(options.warmUp, Math.floor(options.steps / 10));
    const given = edgePruning.complete({ ...options, warmUp }, search.universe);
    const second = edgePruning.passes(given, search);
    return { ...second, gradient: first.gradient + second.gradient };
  },
  async run(input, options, hooks, resume) {
    const { points, integrate, firstFactor, firstShare } = options;
    const budget = budgetOf(options.keep, input.masked.universe);
    const narrowed = resume?.narrowed ?? await narrow(input, options, budget, hooks);
    const { within, scores, cost, stopped } = narrowed;
    const after = (step: DiscoveryStep): DiscoveryStep => ({
      ...step,
      step: points + step.step,
      steps: points + options.steps,
      seconds: cost.seconds + step.seconds,
    });
    const found = await edgePruning.run(
      input,
      pruningOptions(options, within, scores, budget),
      {
        signal: hooks.signal,
        onStep: (step) => hooks.onStep?.(after(step)),
        onState: (pruning) => hooks.onState?.(() => ({ narrowed, pruning: pruning() })),
      },
      resume?.pruning,
    );
    return await discoveryOf<HybridState>(input, {
      method: "hybrid",
      options: {
        ...found.circuit.provenance.options,
        points,
        integrate,
        firstFactor,
        firstShare,
        within,
        seed: options.seed,
      },
      selection: { ...found, edges: found.circuit.edges },
      scores: found.circuit.scores,
      steps: [...narrowed.steps, ...found.steps.map(after)],
      cost: {
        forward: found.cost.forward,
        gradient: cost.gradient + found.cost.gradient,
        seconds: cost.seconds + found.cost.seconds,
      },
      stopped: stopped || found.stopped,
      // A first stage that was stopped is done again.
      ...(!stopped && { state: { narrowed, pruning: found.state! } }),
    });
  },
});

/** The first stage: integrated gradients, of which the edges of the greatest magnitude stay. */
async function narrow(
  input: DiscoveryInput,
  options: HybridOptions,
  budget: number,
  hooks: DiscoveryHooks,
): Promise<Narrowed> {
  const { universe } = input.masked;
  const { points, integrate, firstFactor, firstShare } = options;
  const objective = await objectiveOf(input, options.objective);
  const base = openMasks(input, options.within);
  const { steps, add } = recordSteps(objective, hooks);
  let done = 0;
  const found = await integratedScores(
    {
      objective,
      base,
      step(at, of, loss, z) {
        done = at / of;
        const step = Math.max(1, Math.round(done * points));
        return add(step, points + options.steps, loss, sparsityOf(z));
      },
    },
    universe,
    { steps: points, integrate },
  );
  const scores = found.map((score, edge) => base[edge] > 0 ? Math.abs(score) : NaN);
  const many = Math.round(Math.max(firstFactor * budget, firstShare * universe.edgeCount));
  const { edges: within } = selectEdges(universe, scores, {
    keep: Math.min(universe.edgeCount, many),
    select: "top",
    within: options.within,
  });
  return { within, scores, steps, cost: objective.cost(), stopped: done < 1 };
}

/** Options of the second stage, and of the clean-up that ends it. */
function pruningOptions(
  options: HybridOptions,
  within: Uint32Array,
  scores: Float32Array,
  budget: number,
): Partial<EdgePruningOptions> {
  const { objective, steps, batch, maskRate, multiplierRate, seed, cleanUp } = options;
  const { edgeSparsity, nodeSparsity = halfOfNodes(steps) } = options;
  return {
    objective,
    steps,
    batch,
    maskRate,
    multiplierRate,
    seed,
    cleanUp,
    nodeSparsity,
    ...(edgeSparsity && { edgeSparsity }),
    warmUp: Math.min(options.warmUp, Math.floor(steps / 10)),
    keep: Math.min(budget, within.length),
    within,
    warmStart: options.warmStart ?? scores,
  };
}
