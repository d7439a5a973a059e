/**
 * What methods cost, before they run.
 *
 * @module
 */
import type { Universe } from "../universe/universe.ts";
import { type Cost, defaultStreamOptions, masksPerPass } from "../stream/mod.ts";
import { edgesByStage } from "./scoring/stages.ts";
import {
  checkSteps,
  type EdgePruningOptions,
  resolveOptions,
} from "./training/edge_pruning_options.ts";
import type { methods } from "./mod.ts";

/** Examples through a forward pass, and through a forward and backward pass. */
export interface Passes extends Pick<Cost, "forward" | "gradient"> {
  /**
   * `at most`: how much is looked at depends on what is found. `at least`: a clean-up measures besides, which takes
   * passes by the thousand.
   */
  readonly bound: "exactly" | "at most" | "at least";
}

interface Search {
  /** Training examples. */
  readonly examples: number;
  readonly universe: Universe;
  /** Most examples in one pass. */
  readonly batch: number;
}

// deno-lint-ignore no-explicit-any -- options differ from method to method; they are complete here
type Options = any;

const gradients = (gradient: number): Passes => ({ forward: 0, gradient, bound: "exactly" });

const edgesSearched = ({ within }: Options, { universe }: Search): number =>
  within?.length ?? universe.edgeCount;

const passes: Readonly<
  Record<keyof typeof methods, (options: Options, search: Search) => Passes>
> = {
  eap: (_, { examples }) => gradients(examples),
  eap_ig: ({ steps, integrate }, { examples, universe }) =>
    gradients(examples * steps * (integrate === "activations" ? edgesByStage(universe).length : 1)),
  clean_corrupted: (_, { examples }) => gradients(2 * examples),
  activation_patching: (options, search) => ({
    forward: search.examples * (edgesSearched(options, search) + 1),
    gradient: 0,
    bound: "exactly",
  }),
  acdc: (options, search) => ({
    // Guesses that fail are measured in vain, at most as often as edges are.
    forward: search.examples *
      (edgesSearched(options, search) * (masksPerPass(search, search.examples) > 1 ? 2 : 1) + 1) *
      (options.threshold === null ? options.sweeps : 1),
    gradient: 0,
    bound: "at most",
  }),
  edge_pruning: (given, { examples, universe }) => {
    const options: EdgePruningOptions = resolveOptions(given, universe.edgeCount);
    return {
      forward: checkSteps(options).size * examples,
      gradient: options.steps * options.batch,
      bound: options.cleanUp === null ? "exactly" : "at least",
    };
  },
  node_pruning: ({ steps, batch }) => gradients(steps * batch),
  uniform_gradient_sampling: ({ steps, batch, samples }) => gradients(steps * batch * samples),
  soft_top_k: ({ steps, batch }) => gradients(steps * batch),
  hybrid: ({ points, integrate, keep: _, ...options }, search) => {
    const first = passes.eap_ig({ steps: points, integrate }, search);
    const warmUp = Math.min(options.warmUp, Math.floor(options.steps / 10));
    const second = passes.edge_pruning({ ...options, warmUp }, search);
    return { ...second, gradient: first.gradient + second.gradient };
  },
  random: () => gradients(0),
  ground_truth: () => gradients(0),
};

/**
 * What finding a circuit will cost, as {@link Cost} will tell afterwards; preparing the examples not included.
 *
 * @param options every option of the method
 */
export function passesOf(
  method: keyof typeof methods,
  options: Readonly<Record<string, unknown>>,
  search: Omit<Search, "batch"> & Partial<Search>,
): Passes {
  return passes[method](options, { batch: defaultStreamOptions.batch, ...search });
}
