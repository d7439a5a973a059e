/**
 * Integrated gradients, Edge Pruning and clean-up in a row, as a method: the stages are in training/hybrid.ts.
 *
 * @module
 */
import { load } from "../../../base/load.ts";
import { cleanUpDefaults, type CleanUpOptions } from "../elimination/options.ts";
import type { PassCounts } from "../cost.ts";
import { defineMethod, type Method } from "../method.ts";
import { inCircuit, inSchedule } from "../options.ts";
import type { IntegrationOptions } from "../scoring/integrated_gradients.ts";
import type { HybridState } from "../training/hybrid.ts";
import { type TrainingOptions, trainingOptions } from "../training/method.ts";
import { budgetOf } from "../size.ts";
import type { SparsitySchedule } from "../training/sparsity.ts";
import { eapIg } from "./eap_ig.ts";
import { edgePruning } from "./edge_pruning.ts";

export type { HybridState };

export interface HybridOptions
  extends Omit<TrainingOptions, "fall">, Pick<IntegrationOptions, "integrate"> {
  /** Points of the integrated gradients' path. */
  readonly points: number;
  /**
   * Edges that integrated gradients leave to Edge Pruning, as a multiple of those to keep, and as a share of all
   * edges at least. Integrated gradients take one edge at a time, and may miss some edges of a small circuit.
   */
  readonly firstFactor: number;
  readonly firstShare: number;
  /** Sparsity over heads and MLPs while masks are learned; null: no node masks. Left out: half of them close. */
  readonly nodeSparsity?: SparsitySchedule | null;
  /** The last stage; null: none. */
  readonly cleanUp: CleanUpOptions | null;
}

const { fall: _, ...shared } = trainingOptions;
const { options: { integrate, steps: points } } = eapIg;

/** Removal of the last stage: measured by fewer edges on more examples. */
const lastStage: CleanUpOptions = {
  ...cleanUpDefaults,
  examples: 200,
  measured: 3,
  exchanges: 15,
  candidates: 12,
};

export const hybrid: Method<HybridOptions, HybridState> = defineMethod({
  name: "hybrid",
  about:
    "Integrated gradients first, then Edge Pruning on what they kept, then a clean-up that removes edges that do not matter and puts back those that do.",
  source:
    "stages of Hanna et al. 2024, arXiv:2403.17806, and Bhaskar et al. 2024, arXiv:2406.16778",
  needs: "examples",
  followsGradient: true,
  size: ["edge_sparsity", "keep"],
  options: {
    ...shared,
    points: { ...points, default: 10 },
    integrate: { ...integrate, default: "masks" },
    steps: inSchedule("steps", 400),
    warmUp: inSchedule("warm_up", 20),
    maskRate: inSchedule("learning_rate", 0.1),
    multiplierRate: inSchedule("learning_rate", 0.1),
    nodeSparsity: inSchedule("node_sparsity"),
    firstFactor: {
      kind: "number",
      above: 0,
      about: "Edges that the first stage leaves, as a multiple of those asked for.",
      default: 8,
    },
    firstShare: {
      kind: "share",
      about: "Share of all edges that the first stage leaves at least.",
      default: 0.25,
    },
    cleanUp: {
      ...inCircuit<CleanUpOptions | null>("clean_up", lastStage),
      read: (on) => on ? lastStage : null,
    },
  },
  movesInputs: ({ integrate }) => integrate === "inputs",
  passes({ points, integrate, ...options }, search) {
    const first = eapIg.passes({ ...eapIg.defaults, steps: points, integrate }, search);
    const warmUp = Math.min(options.warmUp, Math.floor(options.steps / 10));
    const keep = budgetOf(options.keep, search.universe);
    const given = edgePruning.complete({ ...options, keep, warmUp }, search.universe);
    const second = edgePruning.passes(given, search);
    const withFirst = ({ forward, gradient }: PassCounts) => ({
      forward,
      gradient: first.gradient + gradient,
    });
    const { most } = second;
    return { ...second, ...withFirst(second), ...(most && { most: withFirst(most) }) };
  },
  run: async (...search) =>
    (await load<typeof import("../training/hybrid.ts")>(
      import.meta.resolve("../training/hybrid.ts"),
    )).runStages(...search),
});
