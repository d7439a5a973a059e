/**
 * One sweep of ACDC (Conmy et al. 2023, arXiv:2304.14997, algorithm 1): edges from the logits back, each cut if that raises
 * the loss by less than a threshold, given what was cut before.
 *
 * Candidates are measured ahead if the batch has room for several masks: each under the masks that stand if those before it
 * go as they are expected to. Measurements behind a wrong guess are thrown away, so that the sweep decides as it would one
 * by one.
 *
 * @module
 */
import { liveNodes } from "../../universe/reachability.ts";
import { endsOf, type Universe } from "../../universe/universe.ts";
import type { LossSequence } from "../objective.ts";

export interface Sweep {
  readonly threshold: number;
  readonly kept: Uint32Array;
  /** Effect of each edge when its turn came; 0 where it led nowhere, NaN where its turn did not come. */
  readonly scores: Float32Array;
}

/** Masks midway through a sweep, and the nodes that they leave alive. */
interface SweepState {
  readonly z: Float32Array;
  live: ReturnType<typeof liveNodes>;
}

/** A sweep to be done. */
export interface SweepSearch {
  readonly sequence: LossSequence;
  readonly universe: Universe;
  /** Masks [edges] to begin with, 1 or 0. */
  readonly base: Float32Array;
  /** Least effect of an edge that stays, in units of the loss. */
  readonly threshold: number;
  /** Scores [edges] of an earlier sweep: the effects that are expected. */
  readonly before?: Float32Array;
}

/**
 * Does a sweep.
 *
 * @param report receives every decision: edges done and to do, the loss, the number of open edges; false stops
 */
export async function sweep(
  { sequence, universe, base, threshold, before }: SweepSearch,
  report: (done: number, all: number, loss: number, open: number) => boolean,
): Promise<Sweep> {
  // Readers from the logits back, and each reader's writers from the latest back.
  const edges = [...base.keys()].reverse().filter((edge) => base[edge] > 0);
  const scores = new Float32Array(base.length).fill(NaN);
  const now: SweepState = { z: base.slice(), live: liveUnder(universe, base) };
  const { masksPerPass } = sequence;
  let [loss] = await sequence.losses([now.z]);
  let open = edges.length;
  let cuts = 0;
  let decided = 0;
  let measured = 0;
  const cutProbability = (edge: number) => {
    const known = before?.[edge];
    return known === undefined || Number.isNaN(known)
      ? (cuts + 1) / (decided + 2)
      : threshold / (threshold + Math.max(0, known)) || 0;
  };

  let next = 0;
  /**
   * Cuts edges before `end` that are on no path, which no circuit keeps. Under interchange that changes
   * nothing. Under the other ablations, and with a norm over all heads, what it changes counts with the next edge.
   */
  const skipDead = (end: number) => {
    for (; next < end; next++, open--) {
      now.z[edges[next]] = 0;
      scores[edges[next]] = 0;
    }
  };
  sweeping: while (next < edges.length) {
    // Wrong guesses never cost more than the sweep without them.
    const most = Math.max(1, Math.min(masksPerPass, edges.length + next - measured));
    const chain = chainFrom(
      { universe, edges, worth: sequence.worthGuessing, cutProbability },
      now,
      next,
      most,
    );
    measured += chain.length;
    const found = await sequence.losses(chain.map(({ z }) => z));
    for (const [i, { at, guess }] of chain.entries()) {
      skipDead(at);
      const edge = edges[next++];
      scores[edge] = found[i] - loss;
      const cut = scores[edge] < threshold;
      decided++;
      if (cut) {
        cuts++;
        open--;
        loss = found[i];
        now.z[edge] = 0;
        now.live = liveUnder(universe, now.z);
      }
      if (!report(next, edges.length, loss, open)) break sweeping;
      if (cut !== guess) break;
    }
    if (chain.length === 0) skipDead(edges.length);
  }
  return { threshold, kept: openOf(now.z), scores };
}

/** An edge to be measured. */
interface Candidate {
  /** Its place in the order of the sweep. */
  readonly at: number;
  /** Masks without it. */
  readonly z: Float32Array;
  /** True if it is expected to be cut. */
  readonly guess: boolean;
}

/** The edges of a sweep in their order, and what is expected of them. */
interface Expectation {
  readonly universe: Universe;
  readonly edges: readonly number[];
  /** A chain continues while all guesses in it are right with at least this probability. */
  readonly worth: number;
  cutProbability(edge: number): number;
}

/** The next edges that lead somewhere, up to `most` of them, if guesses are right; none where no such edge is left. */
function chainFrom(
  { universe, edges, worth, cutProbability }: Expectation,
  now: SweepState,
  next: number,
  most: number,
): Candidate[] {
  const ahead: SweepState = { z: now.z.slice(), live: now.live };
  const chain: Candidate[] = [];
  let right = 1;
  for (let at = next; at < edges.length && chain.length < most && right >= worth; at++) {
    const edge = edges[at];
    const { writer, reader } = endsOf(universe, edge);
    const open = ahead.z[edge];
    ahead.z[edge] = 0;
    if (!ahead.live.matters[reader] || !ahead.live.reached[writer]) continue;
    const cut = cutProbability(edge);
    const guess = cut >= 0.5;
    chain.push({ at, z: ahead.z.slice(), guess });
    right *= Math.max(cut, 1 - cut);
    if (chain.length === most) break;
    if (guess) ahead.live = liveUnder(universe, ahead.z);
    else ahead.z[edge] = open;
  }
  return chain;
}

const liveUnder = (universe: Universe, z: Float32Array) => liveNodes(universe, openOf(z));

function openOf(z: Float32Array): Uint32Array {
  const open = new Uint32Array(z.length);
  let count = 0;
  z.forEach((value, edge) => {
    if (value > 0) open[count++] = edge;
  });
  return open.slice(0, count);
}
