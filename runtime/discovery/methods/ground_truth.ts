/**
 * Ground truth: the circuit that a model compiled from a program is known to have. Nothing is run.
 *
 * @module
 */
import { parseEdge } from "../../universe/names.ts";
import type { Universe } from "../../universe/universe.ts";
import { knownEdges, type ProgramAblation, truthOf } from "../../programs/mod.ts";
import { DiscoveryError, type Method } from "../method.ts";
import { discoveryOf } from "../discovery.ts";

export interface GroundTruthOptions {
  /** What an edge that is cut carries: which edges matter depends on it. */
  readonly ablation: ProgramAblation;
  /** Whether to compute the circuit by taking edges away, on every input, in place of looking it up. */
  readonly computed: boolean;
  /** Which other input each input is paired with where the circuit is computed. */
  readonly seed: number;
}

const defaults: GroundTruthOptions = { ablation: "interchange", computed: false, seed: 0 };

export const groundTruth: Method<GroundTruthOptions> = {
  name: "ground_truth",
  defaults,
  run(input, given = {}) {
    const options = { ...defaults, ...given };
    const { masked: { universe, model }, plan } = input;
    if (plan === undefined) {
      throw new DiscoveryError(
        `Cannot tell the true circuit of ${model.name} as it must come from a program: give its plan`,
      );
    }
    const start = performance.now();
    const { ablation, computed, seed } = options;
    const names = computed ? truthOf(plan, ablation, seed).computed : knownEdges(plan, ablation);
    const edges = Uint32Array.from(edgesOfNames(names, universe));
    const cost = { forward: 0, gradient: 0, seconds: (performance.now() - start) / 1000 };
    const selection = { edges, raw: edges.length, reachable: edges.length };
    return discoveryOf(input, {
      method: "ground_truth",
      options: computed ? { ...options } : { ablation },
      selection,
      scores: null,
      steps: [],
      cost,
      stopped: false,
    });
  },
};

/** A program's edges as the universe counts them: writers and readers that it joins are one. */
export function edgesOfNames(names: readonly string[], universe: Universe): number[] {
  const { embeddings, qkv } = universe.convention;
  const numbers = new Set<number>();
  for (const edge of names) {
    const [writer, reader] = edge.split(" -> ");
    const embedded = writer === "tok" || writer === "pos";
    // Edges of kept embeddings are no part of any circuit, as they are in all of them.
    if (embedded && embeddings === "kept") continue;
    const from = embedded && embeddings === "joint" ? "embed" : writer;
    const to = qkv === "joint" ? reader.replace(/\.[qkv]$/, "") : reader;
    numbers.add(parseEdge(universe, `${from} -> ${to}`));
  }
  return [...numbers].sort((a, b) => a - b);
}
