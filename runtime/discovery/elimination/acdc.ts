/**
 * Automatic circuit discovery (Conmy et al. 2023, arXiv:2304.14997): goes from the logits back, reader by reader, and cuts every edge
 * whose absence makes the objective worse by less than a threshold, given what was cut before.
 *
 * An edge that is no longer on a path is cut without a measurement: no circuit keeps it. Each other edge costs one
 * forward pass over the examples, or a part of one where the batch has room for several candidates (sweep.ts).
 *
 * With `keep` in place of a threshold, thresholds are tried by halving (on a log scale) until a sweep leaves at
 * least as many edges and nearly no more; the best of these by what their cutting did are kept. Where they make no
 * circuit of that size, the best of all edges do.
 *
 * @module
 */
import { ranking } from "../../circuits/mod.ts";
import { reachableEdges } from "../../universe/reachability.ts";
import type { Discovery, DiscoveryHooks, DiscoveryInput } from "../method.ts";
import { objectiveOf, openMasks } from "../objective.ts";
import { discoveryOf } from "../discovery.ts";
import { fill, selectBest, type Selection } from "../selection/select.ts";
import { selectEdges } from "../selection/selection.ts";
import { budgetOf } from "../size.ts";
import { recordSteps } from "../steps.ts";
import { type Sweep, sweep } from "./sweep.ts";
import type { AcdcOptions } from "../methods/acdc.ts";

/** Sweeps edges from the logits back with one threshold, or with the threshold that leaves as many edges as are kept. */
export async function cutByThreshold(
  input: DiscoveryInput,
  options: AcdcOptions,
  hooks: DiscoveryHooks,
): Promise<Discovery> {
  const { universe } = input.masked;
  const objective = await objectiveOf(input, options.objective);
  await using sequence = objective.sequence();
  const base = openMasks(input, options.within);
  const { steps, add } = recordSteps(objective, hooks);
  let stopped = false;
  const report = (sweep: number) => (done: number, all: number, loss: number, open: number) => {
    const sweeps = options.threshold === null ? options.sweeps : 1;
    stopped = !add(sweep * all + done, sweeps * all, loss, 1 - open / universe.edgeCount);
    return !stopped;
  };
  const finish = async (found: Sweep, budget: number | null) => {
    const { kept, scores, threshold } = found;
    const edges = reachableEdges(universe, kept);
    let selection: Selection = { edges, raw: kept.length, reachable: edges.length };
    if (budget !== null) {
      selection = selectEdges(universe, scores, { keep: budget, select: "top", within: kept });
    }
    if (budget !== null && selection.reachable < budget) {
      // Edges that were cut have to come in: a small circuit may need one whose turn came when others did its work.
      const others = ranking(scores).filter((edge) => base[edge] > 0);
      const filled = fill(universe, selection.edges, others, budget);
      selection = filled.length < budget
        ? selectBest(universe, scores, budget, others)
        : { edges: filled, raw: filled.length, reachable: filled.length };
    }
    return await discoveryOf(input, {
      method: "acdc",
      options: { ...options, threshold },
      selection,
      scores,
      steps,
      cost: objective.cost(),
      stopped,
    });
  };
  if (options.threshold !== null) {
    const { threshold } = options;
    return await finish(await sweep({ sequence, universe, base, threshold }, report(0)), null);
  }

  const budget = budgetOf(options.keep, universe);
  // Thresholds between "cuts nearly nothing" and "cuts nearly all", as powers of ten.
  let [low, high] = [-7, 1];
  let best: Sweep | undefined;
  let before: Float32Array | undefined;
  for (let i = 0; i < options.sweeps && !stopped; i++) {
    const middle = (low + high) / 2;
    const threshold = 10 ** middle;
    const found = await sweep({ sequence, universe, base, threshold, before }, report(i));
    before = found.scores;
    const enough = reachableEdges(universe, found.kept).length >= budget;
    const most = best?.kept.length ?? 0;
    const better = enough
      ? most < budget || found.kept.length <= most
      : most < budget && found.kept.length > most;
    if (best === undefined || better) best = found;
    if (enough && found.kept.length <= 1.02 * budget) break;
    if (enough) low = middle;
    else high = middle;
  }
  return await finish(best!, budget);
}
