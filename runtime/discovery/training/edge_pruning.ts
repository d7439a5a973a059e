/**
 * Edge Pruning (Bhaskar et al. 2024, arXiv:2406.16778): masks are learned by gradient descent on the KL divergence from the
 * full model to the circuit, under a constraint on the number of edges that are expected to be open.
 *
 * Every edge has a hard-concrete gate (Louizos et al. 2018, arXiv:1712.01312); with a node sparsity, every head and MLP has
 * one too, and an edge's mask is the product of its own and its writer's (edge_masks.ts). The constraint is on the logarithm
 * of the expected number, in closed form (constraint.ts): docs/decisions.md says where this departs from the paper.
 *
 * The circuit is the best of those that are cut out and measured while the final sparsity is held. A clean-up by measurement
 * follows on request (clean_up.ts). All edges are scored, so that one run gives a circuit of every size: inside the circuit in
 * the order in which they go half by half (half_by_half.ts), beyond it in that in which their masks closed (nested.ts).
 *
 * @module
 */
import { cleanUp } from "../elimination/clean_up.ts";
import { halfByHalf, inOrder } from "../elimination/half_by_half.ts";
import type { CleanUpOptions } from "../elimination/options.ts";
import type { Universe } from "../../universe/universe.ts";
import { discoveryOf } from "../discovery.ts";
import type { Discovery, DiscoveryHooks, DiscoveryInput } from "../method.ts";
import { bestByScore, betterOf, type Candidate, measured } from "./candidate.ts";
import { componentsOf } from "./components.ts";
import {
  drawMasks,
  type EdgeGates,
  expectedOpenEdges,
  gateGradients,
  scoresOf,
  startEdgeGates,
} from "./edge_masks.ts";
import {
  checkSteps,
  type EdgePruningOptions,
  edgesToKeep,
  recordedOptions,
} from "./edge_pruning_options.ts";
import { type Gates, type GateStep, updateGates } from "./gates.ts";
import { nestedScores, recordOpen } from "./nested.ts";
import { sparsityAt } from "./sparsity.ts";
import { type Learner, train, type Training, type TrainingState } from "./training.ts";

/** Gates of edges and components, and the last step at which each edge's mask was open more likely than not, [edges]. */
export interface PrunedEdges extends Pick<EdgeGates, "edges" | "nodes"> {
  readonly lastOpen: Int32Array;
}

export type EdgePruningState = TrainingState<PrunedEdges>;

/** Learns one gate per edge, and one per component with a node sparsity; cleans the circuit up on request. */
export async function pruneEdges(
  input: DiscoveryInput,
  options: EdgePruningOptions,
  hooks: DiscoveryHooks,
  resume?: EdgePruningState,
): Promise<Discovery<EdgePruningState>> {
  const { universe } = input.masked;
  const plan = {
    options,
    keep: edgesToKeep(options, universe.edgeCount),
    checks: checkSteps(options),
    learner: learnerOf(universe, options),
  };
  const training = await train(input, plan, hooks, resume);
  const { found, learned, budget, steps, stopped, cost, state } = training;
  const aborted = () => hooks.signal?.aborted ?? false;
  // The state knows nothing of a clean-up: one that was stopped is done again.
  const { edges, raw, reachable, beforeCleanUp, scores } =
    options.cleanUp === null || stopped || aborted()
      ? found
      : await cleaned(input, options.cleanUp, hooks, training);
  const order = stopped || aborted() ? null : await halfByHalf(
    training.objective,
    universe,
    edges,
    firstOf(training, options),
    hooks.signal,
  );
  return await discoveryOf(input, {
    method: "edge_pruning",
    options: recordedOptions(options, budget, steps.length),
    selection: { edges, raw, reachable, beforeCleanUp },
    scores: nestedScores(order ? inOrder(scores, order) : scores, edges, learned.lastOpen),
    steps,
    cost: cost(),
    stopped: stopped || (options.cleanUp !== null && aborted()),
    state: state(),
  });
}

/** Places of the examples that the circuit's edges are ordered on: as many as a step looks at. */
const firstOf = (
  { objective }: Training<PrunedEdges>,
  { batch }: EdgePruningOptions,
): readonly number[] => objective.all.slice(0, batch);

function learnerOf(universe: Universe, options: EdgePruningOptions): Learner<PrunedEdges> {
  const { nodeSparsity, multiplierRate, warmUp } = options;
  const components = componentsOf(universe);
  return {
    start: (base) => ({
      ...startEdgeGates(base, nodeSparsity && components, options),
      lastOpen: new Int32Array(base.length),
    }),
    async step({ lastOpen, ...learned }, at) {
      const { step, objective, base, chosen, random, target, rate } = at;
      const gates = { ...learned, components, allowed: base };
      const drawn = drawMasks(gates, random);
      const { loss, gradient } = await objective.gradient(drawn.z, chosen);
      const { edgeGradient, nodeGradient } = gateGradients(gates, drawn, gradient);
      const rates = { rate, multiplierRate };
      const open = expectedOpenEdges(gates);
      prune(gates.edges, edgeGradient, { target, ...rates });
      let report = {};
      if (gates.nodes && nodeSparsity) {
        const { count } = components;
        const targetNodeSparsity = sparsityAt(nodeSparsity, step, warmUp);
        const target = (1 - targetNodeSparsity) * count;
        const open = prune(gates.nodes, nodeGradient, { target, ...rates });
        report = { targetNodeSparsity, expectedNodeSparsity: 1 - open / count };
      }
      recordOpen(lastOpen, gates, step + 1);
      return { loss, open, report };
    },
    circuit: (learned, base, budget) =>
      bestByScore(universe, base, scoresOf({ ...learned, components, allowed: base }), budget),
  };
}

/** A step of gates whose first multiplier stays at 0 or above: it must never pay to open edges. */
function prune(gates: Gates, gradient: Float64Array, step: GateStep): number {
  const open = updateGates(gates, gradient, step);
  const { multipliers } = gates.constraint;
  multipliers[0] = Math.max(0, multipliers[0]);
  return open;
}

/** Difference of losses, in nats for KL, below which a circuit has nothing to gain from more edges. */
const CLOSE = 1e-3;

/** The better one of the circuit that training found and a clean-up of a wider circuit. */
async function cleaned(
  input: DiscoveryInput,
  options: CleanUpOptions,
  hooks: DiscoveryHooks,
  { objective, base, budget, found }: Training<PrunedEdges>,
): Promise<Candidate> {
  const { universe } = input.masked;
  const narrow = Number.isNaN(found.loss) ? await measured(objective, universe, found) : found;
  const { scores } = narrow;
  const wide = await widened();
  const { signal, onCleanUp } = hooks;
  const search = { objective, universe, budget, allowed: base, signal, report: onCleanUp };
  const edges = await cleanUp(search, wide.edges, options);
  // The removal of a single edge may leave none of a small circuit.
  if (edges.length === 0) return narrow;
  const selection = {
    edges,
    raw: wide.raw,
    reachable: edges.length,
    beforeCleanUp: wide.edges.length,
    scores,
  };
  return betterOf(found, await measured(objective, universe, selection));

  /**
   * Half as many edges again, and twice as many as long as these are hardly better: edges that only matter together are
   * missed together.
   */
  async function widened(): Promise<Candidate> {
    const full = await objective.loss(base);
    const gap = narrow.loss - full;
    for (let size = Math.max(1, 1.5 * budget);; size *= 2) {
      const count = Math.min(universe.edgeCount, Math.round(size));
      const wider = bestByScore(universe, base, scores, count);
      const wide = await measured(objective, universe, wider);
      const near = gap < CLOSE || wide.loss - full < 0.75 * gap;
      if (near || count === universe.edgeCount) return wide;
    }
  }
}
