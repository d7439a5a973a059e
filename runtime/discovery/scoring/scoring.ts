/**
 * Methods that score each edge independently: score, choose, report.
 *
 * A score is the effect of an edge: how much the loss rises when the edge is cut, by measurement or by estimate. It is
 * positive for edges that help and negative for edges that hinder. Attribution scores of the field are the same up to sign:
 * EAP's (corrupted - clean) * gradient (Syed et al. 2023, arXiv:2310.10348) estimates the change of a loss, and so do these.
 *
 * @module
 */
import type { ScoringOptions } from "./method.ts";
import { discoveryOf } from "../discovery.ts";
import type { Discovery, DiscoveryHooks, DiscoveryInput } from "../method.ts";
import { type Objective, objectiveOf, openMasks } from "../objective.ts";
import { selectEdges } from "../selection/selection.ts";
import type { Universe } from "../../universe/universe.ts";
import { recordSteps, sparsityOf } from "../steps.ts";

/** The tools of a scoring method. */
export interface Scoring {
  readonly objective: Objective;
  readonly universe: Universe;
  /** Masks [edges] of the edges that are scored, 1 or 0: all of the model, or those that the search is restricted to. */
  readonly base: Float32Array;
  /** Reports a step at masks z [edges]; false when the method should stop. */
  step(done: number, steps: number, loss: number, z: Float32Array): boolean;
}

/** Runs a scoring method, whose scores are [edges]. */
export async function discoverByScores<Options extends ScoringOptions>(
  input: DiscoveryInput,
  method: string,
  options: Options,
  hooks: DiscoveryHooks,
  score: (scoring: Scoring, options: Options) => Promise<Float32Array>,
): Promise<Discovery> {
  const { universe } = input.masked;
  const objective = await objectiveOf(input, options.objective);
  const base = openMasks(input, options.within);
  const { steps, add } = recordSteps(objective, hooks);
  let stopped = false;
  const step: Scoring["step"] = (done, all, loss, z) => {
    stopped = !add(done, all, loss, sparsityOf(z)) && done < all;
    return !stopped;
  };
  const scores = await score({ objective, universe, base, step }, options);
  for (let edge = 0; edge < scores.length; edge++) {
    if (base[edge] === 0) scores[edge] = NaN;
    else if (options.rank === "magnitude") scores[edge] = Math.abs(scores[edge]);
  }
  const selection = selectEdges(universe, scores, options);
  const cost = objective.cost();
  return await discoveryOf(input, { method, options, selection, scores, steps, cost, stopped });
}
