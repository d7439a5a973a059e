/**
 * What methods that score every edge by itself have in common: score, choose, report.
 *
 * A score is the effect of an edge: how much the loss rises when the edge is cut, by measurement or by estimate. It is
 * positive for edges that help and negative for edges that hinder. Attribution scores of the field are the same up to sign:
 * EAP's (corrupted - clean) * gradient estimates the change of a loss, and so do these.
 *
 * @module
 */
import type { Circuit } from "../circuits/circuit.ts";
import { packageVersion } from "../../base/version.ts";
import type { Discovery, DiscoveryHooks, DiscoveryInput, DiscoveryStep } from "./method.ts";
import type { Cost } from "../stream/cost.ts";
import { type Objective, objectiveOf, openMasks } from "./objective.ts";
import { type Keep, selectEdges, type SelectionOptions } from "./selection/selection.ts";
import type { Selection } from "./selection/select.ts";

export interface ScoringOptions extends SelectionOptions {
  /** `kl`, the task's own `metric`, or a metric by name. */
  readonly objective: string;
  /** `magnitude`: edges that hinder count as much as edges that help. `signed`: edges that hinder come last. */
  readonly rank: "magnitude" | "signed";
}

export const scoringDefaults: ScoringOptions = {
  keep: { share: 0.05 },
  select: "top",
  objective: "metric",
  rank: "magnitude",
};

/** What a scoring method works with. */
export interface Scoring {
  readonly objective: Objective;
  /** Masks of the edges that are scored: the model's all, or those that the search is restricted to. */
  readonly base: Float32Array;
  /** Tells of a step done; false when the method should stop. */
  step(done: number, steps: number, loss: number, z: Float32Array): boolean;
}

/** Runs a scoring method: `score` returns one number per edge, NaN where it did not get to one. */
export async function discoverByScores(
  input: DiscoveryInput,
  name: string,
  options: ScoringOptions & Record<string, unknown>,
  hooks: DiscoveryHooks,
  score: (scoring: Scoring) => Promise<Float32Array>,
): Promise<Discovery> {
  const { universe } = input.masked;
  const objective = objectiveOf(input, options.objective);
  const base = openMasks(input, options.within);
  const steps: DiscoveryStep[] = [];
  let stopped = false;
  const scores = await score({
    objective,
    base,
    step(done, all, loss, z) {
      const sparsity = 1 - z.reduce((sum, value) => sum + value, 0) / z.length;
      const report: DiscoveryStep = {
        step: done,
        steps: all,
        ...objective.report(loss),
        targetSparsity: sparsity,
        expectedSparsity: sparsity,
        seconds: objective.cost().seconds,
      };
      steps.push(report);
      hooks.onStep?.(report);
      stopped = done < all && (hooks.signal?.aborted ?? false);
      return !stopped;
    },
  });
  for (let edge = 0; edge < scores.length; edge++) {
    if (base[edge] === 0) scores[edge] = NaN;
    else if (options.rank === "magnitude") scores[edge] = Math.abs(scores[edge]);
  }
  const selection = selectEdges(universe, scores, options);
  return await discoveryOf(
    input,
    name,
    options,
    selection,
    scores,
    steps,
    objective.cost(),
    stopped,
  );
}

/** A discovery with its provenance. */
export async function discoveryOf(
  { masked: { universe, model, engine }, task, corruption }: DiscoveryInput,
  name: string,
  options: Readonly<Record<string, unknown>>,
  { edges, raw, reachable }: Selection,
  scores: Float32Array | null,
  steps: readonly DiscoveryStep[],
  cost: Cost,
  stopped: boolean,
): Promise<Discovery> {
  const { seed } = options;
  const circuit: Circuit = {
    universe,
    edges,
    scores,
    provenance: {
      expression: name,
      model: { name: model.name, hash: await model.hash() },
      task,
      corruption,
      ...(typeof seed === "number" ? { seed } : {}),
      provider: engine.provider,
      version: packageVersion,
      options: recorded(options),
    },
  };
  return { circuit, raw, reachable, steps, cost, stopped };
}

/** Options as provenance keeps them: plain values, by the names that scripts use. */
function recorded(
  options: Readonly<Record<string, unknown>>,
): Record<string, string | number | boolean> {
  const plain: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(options)) {
    if (name === "seed") continue;
    const word = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      plain[word] = value;
    } else if (name === "keep") {
      const keep = value as Exclude<Keep, number>;
      plain[word] = "above" in keep
        ? `above ${keep.above}`
        : `${Number((100 * keep.share).toPrecision(12))}%`;
    } else if (ArrayBuffer.isView(value)) {
      plain[word] = (value as Uint32Array).length;
    }
  }
  return plain;
}

/** Effects of open edges to first order: the negative of the loss's gradient with respect to their masks, [edges]. */
export function estimatedEffects(gradient: Float32Array): Float32Array {
  return gradient.map((value) => -value);
}

/** base * share: masks on the way from all closed to all open. */
export function scaled(base: Float32Array, share: number): Float32Array {
  return base.map((value) => value * share);
}
