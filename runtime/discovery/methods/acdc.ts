/** ACDC (Conmy et al. 2023, arXiv:2304.14997) as a method: the algorithm is in elimination/acdc.ts. @module */
import { load } from "../../../base/load.ts";
import { defineMethod, type Method } from "../method.ts";
import { inCircuit } from "../options.ts";
import { edgesSearched } from "../cost.ts";
import type { Keep } from "../size.ts";

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

export const acdc: Method<AcdcOptions> = defineMethod({
  name: "acdc",
  about:
    "Goes backwards through the model and cuts every edge whose absence makes the objective worse by less than the threshold.",
  source: "Conmy et al. 2023, arXiv:2304.14997",
  needs: "examples",
  size: ["threshold", "keep"],
  options: {
    threshold: inCircuit<number | null>("threshold", null),
    keep: inCircuit("keep", { share: 0.05 }),
    within: inCircuit("within"),
    objective: inCircuit("objective", "kl"),
    sweeps: {
      kind: "whole",
      least: 1,
      about: "Most sweeps when the threshold is sought.",
      default: 6,
    },
  },
  passes: (options, search) => ({
    // Guesses that fail are measured in vain, at most as often as edges are.
    forward: search.examples *
      (edgesSearched(options, search) * (search.masksPerPass > 1 ? 2 : 1) + 1) *
      (options.threshold === null ? options.sweeps : 1),
    gradient: 0,
    bound: "at most",
  }),
  run: async (input, options, hooks) =>
    (await load<typeof import("../elimination/acdc.ts")>(
      import.meta.resolve("../elimination/acdc.ts"),
    )).cutByThreshold(input, options, hooks),
});
