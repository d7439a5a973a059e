/**
 * Clean-up of a circuit by measurement: backward elimination of edges that do not matter, and exchange for edges that do.
 *
 * Elimination: every edge is cut by itself, those of the least effect go, and the edges that are left are measured again,
 * until as many as asked for are left. Exchange: edges outside come in for edges inside (exchange.ts).
 *
 * @module
 */
import { reachableEdges } from "../../universe/reachability.ts";
import type { Universe } from "../../universe/universe.ts";
import { maskOf } from "../../evaluation/evaluate.ts";
import { type EliminationSearch, exchangeEdges, type ExchangeOptions } from "./exchange.ts";

export interface CleanUpOptions extends ExchangeOptions {
  /** Examples that are looked at (the first ones), at most. */
  readonly examples: number;
  /** Share of the edges that may go between two measurements. */
  readonly stride: number;
  /**
   * Edges measured for every edge that goes, those of the least effect by the mask gradient; null: all of them. The
   * gradient takes one edge at a time and knows nothing of saturation, but rarely ranks an edge that matters among the
   * least.
   */
  readonly measured: number | null;
}

export const cleanUpDefaults: CleanUpOptions = {
  examples: 96,
  stride: 0.1,
  measured: null,
  exchanges: 25,
  candidates: 12,
};

/** Least number of edges that are measured: in a small circuit each matters, and they are cheap. */
const FEW = 32;

export interface Cleaned {
  /** At most as many as asked for, all on a path, ascending; fewer only where one more would raise the loss. */
  readonly edges: Uint32Array;
  /** Effect of each of `edges` when it was last measured: how much the loss rose when it was cut. */
  readonly effects: ReadonlyMap<number, number>;
  readonly stopped: boolean;
}

/**
 * Cleans up a set of edges.
 *
 * @param start edges to clean up
 * @param report receives the loss of every measurement and its number of edges; false stops
 */
export async function cleanUp(
  search: EliminationSearch,
  start: Uint32Array,
  options: CleanUpOptions,
  report: (loss: number, open: number) => boolean,
): Promise<Cleaned> {
  const { objective, universe, budget } = search;
  const chosen = objective.all.slice(0, options.examples);
  await using sequence = objective.sequence(chosen);
  let stopped = false;
  const lossesOf = async (sets: readonly Uint32Array[]) => {
    const losses: number[] = [];
    const { masksPerPass } = sequence;
    for (let first = 0; first < sets.length && !stopped; first += masksPerPass) {
      const some = sets.slice(first, first + masksPerPass);
      const found = await sequence.losses(some.map((edges) => maskOf(universe, edges)));
      found.forEach((each, i) => stopped = !report(each, some[i].length) || stopped);
      losses.push(...found);
    }
    return losses;
  };
  const without = (edges: Uint32Array, edge: number) =>
    reachableEdges(universe, edges.filter((other) => other !== edge));
  /** Effects of some edges, the least first. */
  const measure = async (edges: Uint32Array, some: readonly number[], loss: number) => {
    // In edge order, so that each measurement begins where the last one's edge lies.
    const order = [...some].sort((a, b) => a - b);
    const found = await lossesOf(order.map((edge) => without(edges, edge)));
    return found.map((each, i): [number, number] => [order[i], each - loss])
      .sort((a, b) => a[1] - b[1] || a[0] - b[0]);
  };
  /** The edges that are worth measuring when `many` are to go. */
  const leastByGradient = async (edges: Uint32Array, many: number) => {
    const count = options.measured === null
      ? Infinity
      : Math.max(FEW, Math.ceil(options.measured * many));
    if (count >= edges.length) return [...edges];
    const { gradient } = await objective.gradient(maskOf(universe, edges), chosen);
    return [...edges].sort((a, b) => gradient[b] - gradient[a] || a - b).slice(0, count);
  };

  let edges = reachableEdges(universe, start);
  let [loss] = await lossesOf([edges]);
  const effects = new Map<number, number>();
  let measured: Uint32Array | null = null;
  while (edges.length > budget && !stopped) {
    const many = Math.max(1, Math.floor(options.stride * edges.length));
    const found = await measure(edges, await leastByGradient(edges, many), loss);
    if (stopped) break;
    effects.clear();
    for (const [edge, effect] of found) effects.set(edge, effect);
    const fewer = removeLeast(universe, edges, found.map(([edge]) => edge), many, budget);
    measured = edges;
    edges = fewer;
    [loss] = await lossesOf([edges]);
  }
  if (edges.length > budget) {
    // Stopped midway: edges of the greatest known effect stay.
    const order = [...edges].sort((a, b) =>
      (effects.get(b) ?? Infinity) - (effects.get(a) ?? Infinity) || a - b
    );
    edges = reachableEdges(universe, Uint32Array.from(order.slice(0, budget)).sort());
  } else if (measured !== edges && !stopped) {
    for (const [edge, effect] of await measure(edges, [...edges], loss)) effects.set(edge, effect);
  }

  const exchanged = await exchangeEdges(
    search,
    { edges, loss, effects },
    options,
    { chosen, losses: lossesOf, effects: measure, stopped: () => stopped },
  );
  const kept = new Map(
    [...exchanged.edges].map((edge) => [edge, exchanged.effects.get(edge) ?? 0]),
  );
  return { edges: exchanged.edges, effects: kept, stopped };
}

/**
 * Takes edges away, the first ones first, up to `many` of them, and with each whatever then lies on no path, but never so
 * that fewer than `budget` are left; the first one goes in any case where no other can.
 */
function removeLeast(
  universe: Universe,
  edges: Uint32Array,
  order: readonly number[],
  many: number,
  budget: number,
): Uint32Array {
  const drop = (from: Uint32Array, edge: number) =>
    reachableEdges(universe, from.filter((other) => other !== edge));
  let kept = edges;
  let gone = 0;
  for (const edge of order) {
    if (gone === many || kept.length === budget) break;
    if (!kept.includes(edge)) continue;
    const fewer = drop(kept, edge);
    if (fewer.length < budget) continue;
    kept = fewer;
    gone++;
  }
  return gone === 0 ? drop(edges, order[0]) : kept;
}
