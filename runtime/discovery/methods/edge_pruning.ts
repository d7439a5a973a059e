/**
 * Edge Pruning (Bhaskar et al. 2024): masks are learned by gradient descent on the KL divergence from the full
 * model to the circuit, under a constraint on how many are expected to be open.
 *
 * Every edge has a hard-concrete gate; with a node sparsity, every head and MLP has one too, and an edge's mask is
 * the product of its own and its writer's (edge_masks.ts). The constraint "expected sparsity s is the target t" enters as
 * l1 (t - s) + l2 (t - s)^2, and the multipliers l1, l2 climb. Unlike the paper s is the closed-form expectation,
 * not that of the sampled masks: see docs/decisions.md.
 *
 * All edges are scored: beyond the circuit in the order in which they died (nested.ts), so that one run gives a circuit of
 * every size.
 *
 * @module
 */
import { maskOf } from "../../evaluation/evaluate.ts";
import { packageVersion } from "../../../base/version.ts";
import { randomFrom } from "../../../base/random.ts";
import { drawBatches } from "../training/batches.ts";
import { cleanUp } from "../cutting/clean_up.ts";
import {
  drawMasks,
  type EdgeGates,
  gateGradients,
  startEdgeGates,
  wantedScores,
} from "../training/edge_masks.ts";
import {
  budgetOf,
  checkOptions,
  checkSteps,
  edgePruningDefaults,
  type EdgePruningOptions,
  recordedOptions,
  resolveOptions,
} from "../training/edge_pruning_options.ts";
import { type Gates, updateGates } from "../training/gates.ts";
import type { Discovery, DiscoveryHooks, DiscoveryInput, DiscoveryStep } from "../method.ts";
import type { Cost } from "../../stream/cost.ts";
import { nestedScores, recordAlive } from "../training/nested.ts";
import { objectiveOf, openMasks } from "../objective.ts";
import { selectBest, type Selection } from "../selection/select.ts";
import { ranking } from "../../circuits/ranking.ts";
import { sparsityAt } from "../training/sparsity.ts";

export { edgePruningDefaults, type EdgePruningOptions };

/** A circuit this close to the full model has nothing to gain from more edges. */
const CLOSE = 1e-3;

/** Everything that a later step depends on: a structured clone of it continues a run exactly. */
export interface EdgePruningState {
  readonly step: number;
  readonly edges: Gates;
  readonly nodes: Gates | null;
  readonly steps: readonly DiscoveryStep[];
  readonly best: Candidate | null;
  /** Last step at which each edge was alive. */
  readonly lastAlive: Int32Array;
  readonly cost: Cost;
}

/** A circuit cut out of the masks, and how bad it is on the training examples. */
interface Candidate extends Selection {
  readonly scores: Float32Array;
  readonly loss: number;
}

/**
 * Finds a circuit by Edge Pruning.
 *
 * @param resume a state that an earlier, stopped run returned, with the same options
 * @throws {DiscoveryError} if an option is out of range.
 */
export async function edgePruning(
  input: DiscoveryInput,
  given: Partial<EdgePruningOptions> = {},
  hooks: DiscoveryHooks = {},
  resume?: EdgePruningState,
): Promise<Discovery<EdgePruningState>> {
  const { masked, train, task, corruption } = input;
  const { universe, model, engine } = masked;
  const options = resolveOptions(given, universe.edgeCount);
  const budget = budgetOf(options, universe);
  checkOptions(options, universe, train.examples.length, budget);

  const objective = objectiveOf(input, options.objective);
  const before = resume?.cost ?? { forward: 0, gradient: 0, seconds: 0 };
  const cost = (): Cost => {
    const { forward, gradient, seconds } = objective.cost();
    return {
      forward: before.forward + forward,
      gradient: before.gradient + gradient,
      seconds: before.seconds + seconds,
    };
  };
  const allowed = openMasks(input, options.within);
  const started = startEdgeGates(universe, allowed, options.nodeSparsity !== null, options);
  const gates: EdgeGates = resume
    ? { ...started, edges: resume.edges, nodes: resume.nodes }
    : started;
  const { edges, nodes } = gates;
  const lastAlive = resume?.lastAlive ?? new Int32Array(universe.edgeCount);
  const steps: DiscoveryStep[] = [...resume?.steps ?? []];
  const batches = drawBatches(
    train.examples,
    options.batch,
    randomFrom(options.seed, "batches"),
    model.architecture.attention.mask === "full",
  );
  for (let i = 0; i < steps.length; i++) batches.next();

  const select = (scores: Float32Array, count: number) =>
    selectBest(universe, scores, count, ranking(scores).filter((edge) => allowed[edge] > 0));
  const cutOut = (): Candidate => {
    const scores = wantedScores(gates);
    return { ...select(scores, budget), scores, loss: NaN };
  };
  const check = async (candidate: Candidate): Promise<Candidate> => ({
    ...candidate,
    loss: await objective.loss(maskOf(universe, candidate.edges)),
  });
  /**
   * Half as many edges again, and twice as many as long as these are hardly better: they lack what a clean-up needs.
   * Edges that only matter together are missed together.
   */
  const widened = async (narrow: Candidate): Promise<Selection> => {
    const full = await objective.loss(allowed);
    const gap = narrow.loss - full;
    for (let size = Math.max(1, 1.5 * budget);; size *= 2) {
      const edges = Math.min(universe.edgeCount, Math.round(size));
      const wide = await check({ ...narrow, ...select(narrow.scores, edges) });
      const near = gap < CLOSE || wide.loss - full < 0.75 * gap;
      if (near || edges === universe.edgeCount) return wide;
    }
  };
  const better = (a: Candidate | null, b: Candidate) => a === null || b.loss < a.loss ? b : a;
  const aborted = () => hooks.signal?.aborted ?? false;
  const stateAt = (step: number): EdgePruningState => {
    return { step, edges, nodes, steps, best, lastAlive, cost: cost() };
  };
  const checkAt = checkSteps(options);
  let best = resume?.best ?? null;
  let step = resume?.step ?? 0;
  for (; step < options.steps && !aborted(); step++) {
    // A generator per step: a resumed run draws the noise that the uninterrupted one would have drawn.
    const drawn = drawMasks(gates, randomFrom(options.seed, "masks", step));
    const { loss, gradient } = await objective.gradient(drawn.z, batches.next().value);
    const { edgeGradient, nodeGradient } = gateGradients(gates, drawn, gradient);
    const rate = options.maskRate * Math.min(1, (step + 1) / Math.max(1, options.warmUp));
    const targetSparsity = sparsityAt(options.edgeSparsity, step, options.warmUp);
    const expectedSparsity = constrain(
      edges,
      edgeGradient,
      targetSparsity,
      rate,
      options.multiplierRate,
    );
    const nodeReport: { targetNodeSparsity?: number; expectedNodeSparsity?: number } = {};
    if (nodes) {
      nodeReport.targetNodeSparsity = sparsityAt(options.nodeSparsity!, step, options.warmUp);
      nodeReport.expectedNodeSparsity = constrain(
        nodes,
        nodeGradient,
        nodeReport.targetNodeSparsity,
        rate,
        options.multiplierRate,
      );
    }
    recordAlive(lastAlive, gates, step + 1);
    const report: DiscoveryStep = {
      step: step + 1,
      steps: options.steps,
      ...objective.report(loss),
      targetSparsity,
      expectedSparsity,
      ...nodeReport,
      seconds: cost().seconds,
    };
    if (checkAt.has(step)) best = better(best, await check(cutOut()));
    steps.push(report);
    hooks.onStep?.(report);
    hooks.onState?.(() => stateAt(step + 1));
  }

  // What a clean-up adds is no part of the state: one that was stopped is done again.
  const state = stateAt(step);
  if (options.cleanUp && step === options.steps && !aborted()) {
    const narrow = best ?? await check(cutOut());
    const { scores } = narrow;
    const wide = await widened(narrow);
    const goOn = () => !aborted();
    const cleaned = await cleanUp(
      objective,
      universe,
      wide.edges,
      budget,
      allowed,
      options.cleanUp,
      goOn,
    );
    const selection = { edges: cleaned.edges, raw: wide.raw, reachable: cleaned.edges.length };
    best = better(best, await check({ ...selection, scores, loss: NaN }));
  }
  const { edges: kept, raw, reachable, scores } = best ?? cutOut();
  return {
    circuit: {
      universe,
      edges: kept,
      scores: nestedScores(scores, kept, lastAlive),
      provenance: {
        expression: "edge_pruning",
        model: { name: model.name, hash: await model.hash() },
        task,
        corruption,
        seed: options.seed,
        provider: engine.provider,
        version: packageVersion,
        options: recordedOptions(options, budget, step),
      },
    },
    raw,
    reachable,
    steps,
    cost: cost(),
    stopped: step < options.steps || (options.cleanUp !== null && aborted()),
    state: { ...state, cost: cost() },
  };
}

/** One step of masks and multipliers under a sparsity constraint; returns the expected sparsity before it. */
function constrain(
  gates: Gates,
  gradient: Float64Array,
  target: number,
  rate: number,
  multiplierRate: number,
): number {
  const count = gates.logAlpha.length;
  // A schedule that begins above what a restriction leaves would pull edges open that should compete from the start.
  const most = gates.size.reduce((sum, size) => sum + size, 0);
  const wanted = Math.min(most, (1 - target) * count);
  const open = updateGates(gates, gradient, wanted, rate, multiplierRate);
  // It must never pay to open edges.
  gates.multipliers[0] = Math.max(0, gates.multipliers[0]);
  return 1 - open / count;
}
