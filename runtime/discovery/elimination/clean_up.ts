/**
 * Clean-up of a circuit by measurement: backward elimination of edges that do not matter, and exchange for edges that do.
 *
 * Elimination: every edge is cut alone, those of the least effect go, and the edges that are left are measured again,
 * until as many as asked for are left. Exchange: edges outside come in for edges inside (exchange.ts).
 *
 * @module
 */
import { reachableEdges } from "../../universe/reachability.ts";
import type { Universe } from "../../universe/universe.ts";
import { exchangeEdges } from "./exchange.ts";
import { type CleanUpOptions, measuredIn } from "./options.ts";
import { type EliminationSearch, measurementOf, without } from "./measurement.ts";

/**
 * Cleans up a set of edges, [edges].
 *
 * @returns at most `budget` edges, all on a path, ascending; fewer only where one more would raise the loss
 */
export async function cleanUp(
  search: EliminationSearch,
  start: Uint32Array,
  options: CleanUpOptions,
): Promise<Uint32Array> {
  const { objective, universe, budget } = search;
  const chosen = objective.all.slice(0, options.examples);
  await using sequence = objective.sequence(chosen);
  const measurement = measurementOf(search, chosen, sequence);
  const { losses, effects: effectsOf, gradient: gradientOf, stopped } = measurement;
  /** The edges to measure before some go. */
  const leastByGradient = async (edges: Uint32Array) => {
    const { sets, byGradient } = measuredIn(edges.length, options);
    if (!byGradient) return edges;
    const gradient = await gradientOf(edges);
    return [...edges].sort((a, b) => gradient[b] - gradient[a] || a - b).slice(0, sets);
  };

  let edges = reachableEdges(universe, start);
  let [loss] = await losses([edges]);
  let effects = new Map<number, number>();
  const all = Math.max(0, edges.length - budget);
  const enter = () => {
    const done = all - Math.max(0, edges.length - budget);
    measurement.enter({ stage: "removal", done, all, edges: edges.length, loss });
  };
  enter();
  while (edges.length > budget && !stopped()) {
    const { many } = measuredIn(edges.length, options);
    const found = await effectsOf(edges, await leastByGradient(edges), loss);
    if (stopped()) break;
    effects = new Map(found);
    edges = removeLeast(universe, edges, [...effects.keys()], many, budget);
    [loss] = await losses([edges]);
    enter();
  }
  if (edges.length > budget) {
    // Stopped midway: edges of the greatest known effect stay.
    const order = [...edges].sort((a, b) =>
      (effects.get(b) ?? Infinity) - (effects.get(a) ?? Infinity) || a - b
    );
    return reachableEdges(universe, Uint32Array.from(order.slice(0, budget)).sort());
  }
  for (const [edge, effect] of await effectsOf(edges, edges, loss)) effects.set(edge, effect);
  return (await exchangeEdges(search, { edges, loss, effects }, options, measurement)).edges;
}

/**
 * Takes edges away, the first ones first, up to `many` of them, and with each the edges that are then on no path, but never so
 * that fewer than `budget` are left; the first one goes in any case where no other can.
 */
function removeLeast(
  universe: Universe,
  edges: Uint32Array,
  order: readonly number[],
  many: number,
  budget: number,
): Uint32Array {
  let kept = edges;
  let gone = 0;
  for (const edge of order) {
    if (gone === many || kept.length === budget) break;
    if (!kept.includes(edge)) continue;
    const fewer = without(universe, kept, edge);
    if (fewer.length < budget) continue;
    kept = fewer;
    gone++;
  }
  return gone === 0 ? without(universe, edges, order[0]) : kept;
}
