/**
 * Integrated gradients, Edge Pruning and clean-up in a row, each doing what it is good at:
 *
 * 1. integrated gradients (EAP-IG, Hanna et al. 2024, arXiv:2403.17806) throw out most edges at the cost of a few passes;
 * 2. Edge Pruning (Bhaskar et al. 2024, arXiv:2406.16778) chooses among the rest together, from a start in their order;
 * 3. a greedy clean-up by measurement (clean_up.ts) removes edges that do not matter and puts back those that do.
 *
 * @module
 */
import type { Cost } from "../../stream/mod.ts";
import { discoveryOf } from "../discovery.ts";
import type { Discovery, DiscoveryHooks, DiscoveryInput, DiscoveryStep } from "../method.ts";
import { edgePruning, type EdgePruningState } from "../methods/edge_pruning.ts";
import type { HybridOptions } from "../methods/hybrid.ts";
import { objectiveOf, openMasks } from "../objective.ts";
import { integratedScores } from "../scoring/integrated_gradients.ts";
import { selectEdges } from "../selection/selection.ts";
import { budgetOf } from "../size.ts";
import { recordSteps, sparsityOf } from "../steps.ts";
import type { SparsitySchedule } from "./sparsity.ts";

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

/** Closing half of the components, in the time that closing edges takes. */
const halfOfNodes = (steps: number): SparsitySchedule => ({
  from: 0,
  to: 0.5,
  over: Math.round(0.75 * steps),
  shape: "log",
});

/** Runs the three stages. */
export async function runStages(
  input: DiscoveryInput,
  options: HybridOptions,
  hooks: DiscoveryHooks,
  resume?: HybridState,
): Promise<Discovery<HybridState>> {
  const { points, integrate, firstFactor, firstShare, ...shared } = options;
  const budget = budgetOf(options.keep, input.masked.universe);
  const narrowed = resume?.narrowed ?? await narrow(input, options, budget, hooks);
  const { within, scores, cost, stopped } = narrowed;
  const { nodeSparsity = halfOfNodes(options.steps), warmStart = scores } = options;
  const after = (step: DiscoveryStep): DiscoveryStep => ({
    ...step,
    step: points + step.step,
    steps: points + options.steps,
    seconds: cost.seconds + step.seconds,
  });
  const found = await edgePruning.run(
    input,
    {
      ...shared,
      nodeSparsity,
      warmStart,
      warmUp: Math.min(options.warmUp, Math.floor(options.steps / 10)),
      keep: Math.min(budget, within.length),
      within,
    },
    {
      signal: hooks.signal,
      onCleanUp: hooks.onCleanUp,
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
    ...(!scores.some((score) => score > 0) && {
      undecided: "all scores of the first stage are 0: the order of the model's edges decided",
    }),
    // A first stage that was stopped is done again.
    ...(!stopped && { state: { narrowed, pruning: found.state! } }),
  });
}

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
      universe,
      base,
      step(at, of, loss, z) {
        done = at / of;
        const step = Math.max(1, Math.round(done * points));
        return add(step, points + options.steps, loss, sparsityOf(z));
      },
    },
    { steps: points, integrate },
  );
  const scores = found.map((score, edge) => base[edge] > 0 ? Math.abs(score) : NaN);
  const many = Math.round(Math.max(firstFactor * budget, firstShare * universe.edgeCount));
  const best = (keep: number, within = options.within) =>
    selectEdges(universe, scores, { keep, select: "top", within }).edges;
  const wide = best(Math.min(universe.edgeCount, many));
  // The best edges by score may hold no circuit that is small enough.
  const small = best(budget);
  const within = best(budget, wide).length < small.length
    ? Uint32Array.from(new Set([...wide, ...small])).sort()
    : wide;
  return { within, scores, steps, cost: objective.cost(), stopped: done < 1 };
}
