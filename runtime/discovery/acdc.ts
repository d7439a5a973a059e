/**
 * Automatic circuit discovery (Conmy et al. 2023): goes from the logits back, reader by reader, and cuts every edge
 * whose absence makes the objective worse by less than a threshold, given what was cut before.
 *
 * An edge that no longer leads to the logits is cut without a look: it changes nothing. Each other edge costs one
 * forward pass over the examples.
 *
 * With `keep` in place of a threshold, thresholds are tried by halving (on a log scale) until a sweep leaves at
 * least as many edges and nearly no more; the best of these by what their cutting did are kept.
 *
 * @module
 */
import { liveNodes, reachableEdges } from "../circuits/reachability.ts";
import { endsOf, type Universe } from "../circuits/universe.ts";
import { type Discovery, DiscoveryError, type DiscoveryStep, type Method } from "./method.ts";
import { openMasks, type Probe, probeOf } from "./probe.ts";
import { discoveryOf } from "./scoring.ts";
import { budgetOf, type Keep, selectEdges } from "./selection.ts";

export interface AcdcOptions {
  readonly objective: string;
  /** An edge stays when cutting it makes the objective worse by at least this; null: found so that `keep` edges stay. */
  readonly threshold: number | null;
  /** Edges to keep where there is no threshold. */
  readonly keep: Exclude<Keep, { readonly above: number }>;
  /** Most sweeps when the threshold is sought. */
  readonly sweeps: number;
  readonly within?: Uint32Array;
}

const defaults: AcdcOptions = {
  objective: "kl",
  threshold: null,
  keep: { share: 0.05 },
  sweeps: 6,
};

export const acdc: Method<AcdcOptions> = {
  name: "acdc",
  defaults,
  async run(input, given = {}, hooks = {}): Promise<Discovery> {
    const options = { ...defaults, ...given };
    const { universe } = input.masked;
    check(options);
    const probe = probeOf(input, options.objective);
    const base = openMasks(input, options.within);
    const steps: DiscoveryStep[] = [];
    let stopped = false;
    const report = (sweep: number) => (done: number, all: number, worse: number, open: number) => {
      const sparsity = 1 - open / universe.edgeCount;
      const step: DiscoveryStep = {
        step: sweep * all + done,
        steps: (options.threshold === null ? options.sweeps : 1) * all,
        ...probe.told(worse),
        targetSparsity: sparsity,
        expectedSparsity: sparsity,
        seconds: probe.cost().seconds,
      };
      steps.push(step);
      hooks.onStep?.(step);
      stopped = hooks.signal?.aborted ?? false;
      return !stopped;
    };
    const finish = async (found: Sweep, budget: number | null) => {
      const selection = budget === null
        ? pruned(universe, found)
        : selectEdges(universe, found.scores, { keep: budget, select: "top", within: found.kept });
      return await discoveryOf(
        input,
        "acdc",
        { ...options, threshold: found.threshold },
        selection,
        found.scores,
        steps,
        probe.cost(),
        stopped,
      );
    };
    if (options.threshold !== null) {
      const found = await sweep(probe, universe, base, options.threshold, report(0));
      return await finish(found, null);
    }

    const budget = budgetOf(options.keep, universe);
    // Thresholds between "cuts nearly nothing" and "cuts nearly all", as powers of ten.
    let [low, high] = [-7, 1];
    let best: Sweep | undefined;
    for (let i = 0; i < options.sweeps && !stopped; i++) {
      const middle = (low + high) / 2;
      const found = await sweep(probe, universe, base, 10 ** middle, report(i));
      const enough = reachableEdges(universe, found.kept).length >= budget;
      if (
        best === undefined ||
        (enough && (best.kept.length < budget || found.kept.length <= best.kept.length))
      ) {
        best = found;
      } else if (!enough && best.kept.length < budget && found.kept.length > best.kept.length) {
        best = found;
      }
      if (enough && found.kept.length <= 1.02 * budget) break;
      if (enough) low = middle;
      else high = middle;
    }
    return await finish(best!, budget);
  },
};

interface Sweep {
  readonly threshold: number;
  readonly kept: Uint32Array;
  /** What cutting the edge did when its turn came; 0 where it led nowhere, NaN where its turn did not come. */
  readonly scores: Float32Array;
}

function pruned(universe: Universe, { kept }: Sweep) {
  const edges = reachableEdges(universe, kept);
  return { edges, raw: kept.length, reachable: edges.length };
}

/** One sweep from the logits back. */
async function sweep(
  probe: Probe,
  universe: Universe,
  base: Float32Array,
  threshold: number,
  report: (done: number, all: number, worse: number, open: number) => boolean,
): Promise<Sweep> {
  const z = base.slice();
  const scores = new Float32Array(z.length).fill(NaN);
  const kept = () => Uint32Array.from([...z.keys()].filter((edge) => z[edge] > 0));
  let worse = await probe.worse(z);
  let open = kept().length;
  const edges = sweepOrder(universe).filter((edge) => base[edge] > 0);
  let live = liveNodes(universe, kept());
  for (const [i, edge] of edges.entries()) {
    const { writer, reader } = endsOf(universe, edge);
    z[edge] = 0;
    let cut = !live.matters[reader] || !live.reached[writer];
    if (cut) {
      scores[edge] = 0;
    } else {
      const without = await probe.worse(z);
      scores[edge] = without - worse;
      cut = scores[edge] < threshold;
      if (cut) worse = without;
      if (!report(i + 1, edges.length, worse, open - (cut ? 1 : 0))) {
        if (!cut) z[edge] = base[edge];
        break;
      }
    }
    if (!cut) {
      z[edge] = base[edge];
      continue;
    }
    open--;
    live = liveNodes(universe, kept());
  }
  return { threshold, kept: kept(), scores };
}

/** Readers from the logits back, and each reader's writers from the latest back. */
export function sweepOrder(universe: Universe): number[] {
  return Array.from({ length: universe.edgeCount }, (_, i) => universe.edgeCount - 1 - i);
}

function check({ threshold, sweeps }: AcdcOptions): void {
  if (threshold !== null && !(threshold >= 0)) {
    throw new DiscoveryError(
      `Cannot cut edges as the threshold must be at least 0: current value is ${threshold}`,
    );
  }
  if (!Number.isInteger(sweeps) || sweeps < 1) {
    throw new DiscoveryError(
      `Cannot seek a threshold as sweeps must be a whole number from 1: current value is ${sweeps}`,
    );
  }
}
