/** Measurements of sets of edges: their losses, and the effects of their edges. @module */
import { maskOf } from "../../universe/universe.ts";
import { reachableEdges } from "../../universe/reachability.ts";
import type { Universe } from "../../universe/universe.ts";
import type { CleanUpProgress } from "../method.ts";
import type { LossSequence, Objective } from "../objective.ts";

/** A search for a circuit of few edges by measurement. */
export interface EliminationSearch {
  readonly objective: Objective;
  readonly universe: Universe;
  /** Edges to end with, at most. */
  readonly budget: number;
  /** 1 for edges that may be put back, [edges]. */
  readonly allowed: Float32Array;
  /** Stops the search between two passes. */
  readonly signal?: AbortSignal;
  /** Receives the progress after every pass. */
  readonly report?: (progress: CleanUpProgress) => void;
}

/** State of a search between two rounds of measurements. */
type SearchState = Omit<CleanUpProgress, "measured" | "objective">;

/** An edge with its effect: how much the loss of a set rises when the edge is cut. */
type EdgeEffect = readonly [edge: number, effect: number];

export type Measurement = ReturnType<typeof measurementOf>;

/** @param chosen places of the examples to measure on, which the sequence is of */
export function measurementOf(
  { objective, universe, signal, report }: EliminationSearch,
  chosen: readonly number[],
  sequence: LossSequence,
) {
  const stopped = () => signal?.aborted ?? false;
  let measured = 0;
  let now: SearchState | undefined;
  /** Losses of some sets of edges, those of a set all on a path; fewer values where the search was stopped. */
  const losses = async (sets: readonly Uint32Array[]) => {
    const found: number[] = [];
    const { masksPerPass } = sequence;
    for (let first = 0; first < sets.length && !stopped(); first += masksPerPass) {
      const some = sets.slice(first, first + masksPerPass);
      found.push(...await sequence.losses(some.map((edges) => maskOf(universe, edges))));
      measured += some.length;
      if (now) report?.({ ...now, ...objective.report(now.loss), measured });
    }
    return found;
  };
  return {
    /** Says where the search is, for the reports of what is measured next. */
    enter: (state: SearchState) => void (now = state),
    losses,
    /** Effects of some edges of a set of a known loss, the least first. */
    async effects(edges: Uint32Array, some: Iterable<number>, loss: number) {
      // In edge order, so that each measurement begins at the layer of the last one's edge.
      const order = [...some].sort((a, b) => a - b);
      const found = await losses(order.map((edge) => without(universe, edges, edge)));
      return found.map((each, i): EdgeEffect => [order[i], each - loss])
        .sort((a, b) => a[1] - b[1] || a[0] - b[0]);
    },
    /** Gradient of the loss [edges] at a set; of edges outside as well with `closed`. */
    async gradient(edges: Uint32Array, closed?: "closed") {
      return (await objective.gradient(maskOf(universe, edges), chosen, closed)).gradient;
    },
    stopped,
  };
}

/** A set of edges without one of them, and without those that are then on no path. */
export const without = (universe: Universe, edges: Uint32Array, edge: number): Uint32Array =>
  reachableEdges(universe, edges.filter((other) => other !== edge));
