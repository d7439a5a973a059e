/** Circuits drawn at random, every one of so many edges equally likely. @module */
import type { Random } from "../../../base/random.ts";
import { reachableEdges } from "../../universe/reachability.ts";
import type { Universe } from "../../universe/universe.ts";

/** Sets that are drawn at most, and edges in all of them together. */
const [SETS, EDGES] = [2_000, 1e6];

/**
 * A set of edges [count], ascending, that are all on a path: sets are drawn, each equally likely, until one is a circuit.
 *
 * @param count number of edges to take
 * @param allowed edges that may be taken, [allowed], [allowed]
 * @returns undefined where none of 2,000 sets is a circuit, or none of fewer where sets are large
 */
export function drawCircuit(
  universe: Universe,
  count: number,
  allowed: Uint32Array,
  random: Random,
): Uint32Array | undefined {
  const deck = allowed.slice();
  if (count > deck.length) return undefined;
  const sets = Math.min(SETS, EDGES / Math.max(1, count));
  for (let set = 0; set < sets; set++) {
    // The first cards of a shuffled deck, whatever its order was.
    for (let i = 0; i < count; i++) {
      const j = i + random.integer(deck.length - i);
      [deck[i], deck[j]] = [deck[j], deck[i]];
    }
    const edges = deck.slice(0, count).sort();
    if (reachableEdges(universe, edges).length === count) return edges;
  }
  return undefined;
}
