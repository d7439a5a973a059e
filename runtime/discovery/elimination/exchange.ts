/**
 * Exchange of edges outside a circuit for edges inside, as long as that lowers the loss: a local search by measurement.
 *
 * The mask gradient names the edges outside that promise most; they are measured one by one, and the best of them come in,
 * each tried with the edges inside of the least effect. If no exchange helps, the effects inside are measured afresh, and
 * then more candidates are looked at on either side, before the search gives up.
 *
 * @module
 */
import type { ExchangeOptions } from "./options.ts";
import { liveNodes } from "../../universe/reachability.ts";
import { endsOf } from "../../universe/universe.ts";
import { type EliminationSearch, type Measurement, without } from "./measurement.ts";

/** A set of edges, all on a path, its loss, and the effect of each edge when it was last measured. */
export interface MeasuredEdges {
  readonly edges: Uint32Array;
  readonly loss: number;
  readonly effects: ReadonlyMap<number, number>;
}

/** Incoming edges, best first, that are tried with edges going out. */
const TRIED = 3;
/** Factor by which the candidates are widened before the search gives up. */
const WIDER = 3;

/** Exchanges edges of a set as long as that lowers the loss. */
export async function exchangeEdges(
  { universe, budget, allowed }: EliminationSearch,
  start: MeasuredEdges,
  options: ExchangeOptions,
  measurement: Measurement,
): Promise<MeasuredEdges> {
  let now = start;
  let { candidates } = options;
  let fresh = true;
  for (let exchanges = 0; exchanges < options.exchanges && !measurement.stopped();) {
    const { edges: { length }, loss } = now;
    const all = options.exchanges;
    measurement.enter({ stage: "exchange", done: exchanges, all, edges: length, loss });
    const next = await improved(now, candidates);
    if (next) {
      // Filling room that removal left is no exchange.
      if (now.edges.length >= budget) exchanges++;
      fresh = false;
      candidates = options.candidates;
      now = next;
    } else if (measurement.stopped()) {
      break;
    } else if (!fresh) {
      const found = await measurement.effects(now.edges, now.edges, now.loss);
      now = { ...now, effects: new Map([...now.effects, ...found]) };
      fresh = true;
    } else if (candidates === options.candidates) {
      candidates *= WIDER;
    } else {
      break;
    }
  }
  return now;

  /** The first improvement found, or undefined. */
  async function improved(
    now: MeasuredEdges,
    candidates: number,
  ): Promise<MeasuredEdges | undefined> {
    const incoming = await measuredIncoming(now.edges, candidates);
    for (const { edge, edges, loss } of incoming.slice(0, TRIED)) {
      if (loss >= now.loss || measurement.stopped()) return undefined;
      // The edge that came in is worth what it gained.
      const effects = new Map(now.effects).set(edge, now.loss - loss);
      if (edges.length <= budget) return { edges, loss, effects };
      const weakest = [...now.edges].sort((a, b) =>
        (effects.get(a) ?? 0) - (effects.get(b) ?? 0) || a - b
      );
      const found = await measurement.effects(edges, weakest.slice(0, candidates), loss);
      for (const [edge, effect] of found) effects.set(edge, effect);
      const [least] = found;
      if (least !== undefined && loss + least[1] < now.loss) {
        return { edges: without(universe, edges, least[0]), loss: loss + least[1], effects };
      }
    }
    return undefined;
  }

  /** Edges that could come in, what comes of each, best first. */
  async function measuredIncoming(edges: Uint32Array, candidates: number) {
    const gradient = await measurement.gradient(edges, "closed");
    const { reached, matters } = liveNodes(universe, edges);
    const inside = new Set(edges);
    const promising = [...gradient.keys()].filter((edge) => {
      if (inside.has(edge) || allowed[edge] === 0 || gradient[edge] >= 0) return false;
      const { writer, reader } = endsOf(universe, edge);
      return reached[writer] === 1 && matters[reader] === 1;
    }).sort((a, b) => gradient[a] - gradient[b] || a - b).slice(0, candidates);
    // In edge order, so that each measurement begins at the layer of the last one's edge.
    const sets = promising.sort((a, b) => a - b)
      .map((edge) => ({ edge, edges: Uint32Array.of(...edges, edge).sort() }));
    const losses = await measurement.losses(sets.map(({ edges }) => edges));
    return losses.map((each, i) => ({ ...sets[i], loss: each }))
      .sort((a, b) => a.loss - b.loss || a.edge - b.edge);
  }
}
