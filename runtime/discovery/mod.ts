/** Discovery methods, by name. Adding one is adding a file and a line here. @module */
import { helpFor } from "../../base/help_line.ts";
import { acdc } from "./methods/acdc.ts";
import { activationPatching } from "./methods/activation_patching.ts";
import { cleanCorrupted } from "./methods/clean_corrupted.ts";
import { computedTruth } from "./methods/computed_truth.ts";
import { eap } from "./methods/eap.ts";
import { eapIg } from "./methods/eap_ig.ts";
import { edgePruning } from "./methods/edge_pruning.ts";
import { groundTruth } from "./methods/ground_truth.ts";
import { hybrid } from "./methods/hybrid.ts";
import { DiscoveryError } from "./error.ts";
import type { Discovery, DiscoveryHooks, DiscoveryInput, Method, SearchInput } from "./method.ts";
import { nodePruning } from "./methods/node_pruning.ts";
import { random } from "./methods/random.ts";
import { softTopK } from "./methods/soft_top_k.ts";
import { runState, stateOf } from "./state.ts";
import { uniformGradientSampling } from "./methods/uniform_gradient_sampling.ts";

export type { Cost } from "../stream/mod.ts";
export type {
  CleanUpProgress,
  Discovery,
  DiscoveryHooks,
  DiscoveryInput,
  DiscoveryStep,
  SearchInput,
} from "./method.ts";
export { requireObjective } from "./method.ts";
export { plannedSize, twoSizes } from "./size.ts";
export type { Option } from "./options.ts";
export { DiscoveryError } from "./error.ts";
export type { SparsityShape } from "./training/shapes.ts";
export type { SparsitySchedule } from "./training/sparsity.ts";
export { cleanUpDefaults } from "./elimination/options.ts";
export { isStateOf } from "./state.ts";
export { cannotKeep, unknownTruth } from "./error.ts";
export {
  choicesOf,
  circuitFields,
  type CircuitWord,
  type Field,
  meaningOf,
  rangeOf,
  rates,
  scheduleFields,
  type ScheduleWord,
  type WordsOfKind,
} from "./fields.ts";
export { shapes } from "./training/shapes.ts";
export { refusalOf } from "./refusal.ts";

// deno-lint-ignore no-explicit-any -- options and states differ from method to method
export type AnyMethod = Method<any, any, any>;

/** Methods by name. */
export const methods = {
  edge_pruning: edgePruning,
  eap,
  eap_ig: eapIg,
  clean_corrupted: cleanCorrupted,
  activation_patching: activationPatching,
  acdc,
  node_pruning: nodePruning,
  uniform_gradient_sampling: uniformGradientSampling,
  soft_top_k: softTopK,
  hybrid,
  random,
  ground_truth: groundTruth,
  computed_truth: computedTruth,
} as const satisfies Readonly<Record<string, AnyMethod>>;

/** Name of a method. */
export type MethodName = keyof typeof methods;

/**
 * Options of a method, all of which may be left out; `docs/language.md` lists them under their names in scripts.
 *
 * @example
 * ```ts
 * const options: OptionsOf<"edge_pruning"> = { steps: 200, batch: 16, keep: 80, seed: 7 };
 * ```
 */
export type OptionsOf<Name extends MethodName> = Partial<(typeof methods)[Name]["defaults"]>;

/** Input of a method: without examples where it does not run the model. */
export type InputOf<Name extends MethodName> = Parameters<(typeof methods)[Name]["run"]>[0];

/** True if a method has the name. */
export const isMethodName = (name: string): name is MethodName => Object.hasOwn(methods, name);

/** Names of the methods. */
export const methodNames = Object.keys(methods) as readonly MethodName[];

/**
 * The method of a name.
 *
 * @throws {DiscoveryError} if there is none
 */
export function methodNamed(name: string): AnyMethod {
  if (isMethodName(name)) return methods[name];
  throw new DiscoveryError(
    `unknown method \`${name}\``,
    helpFor(name, methodNames, "the methods are"),
  );
}

/**
 * Finds a circuit by a method. Its provenance has the ablation of the examples where that is not interchange, and which
 * prompts a mean is over.
 *
 * @param resume a state that an earlier, stopped run of the same method and options returned; it stays as it is
 * @throws {DiscoveryError} if there is no such method, if an option is out of range, or if the state is of another method or
 *   version
 *
 * @example
 * ```ts
 * const model = await openModel("examples/models/sorting-gpt");
 * const masked = await openMasked(await openEngine({ device: "cpu" }), model);
 * const files = "examples/sorting/pairs.jsonl";
 * const task = await taskFromFiles({ name: "sorting", files, metric: "kl", seed: 1 }, null);
 * const train = await masked.prepare(task.examples.train.slice(0, 8));
 * const input = { masked, train, task: task.name, corruption: task.corruption };
 * const { circuit, cost } = await discover("eap_ig", input, { objective: "kl", keep: 40 });
 * console.log(circuit.edges.length, cost.gradient); // at most 40 edges; 5 gradients of 8 examples
 * await masked.engine.close();
 * ```
 */
export async function discover<Name extends MethodName>(
  name: Name,
  input: InputOf<Name>,
  options: OptionsOf<Name> = {},
  hooks: DiscoveryHooks = {},
  resume?: unknown,
): Promise<Discovery> {
  const { onState } = hooks;
  const method = methodNamed(name);
  const { ablation = "interchange", means } = examplesOf(method, input) ?? {};
  const { state, circuit, ...found } = await method.run(
    input,
    options,
    {
      ...hooks,
      ...(onState && { onState: (state) => onState(() => runState(name, state())) }),
    },
    resume === undefined ? undefined : stateOf(name, resume),
  );
  const { provenance } = circuit;
  const about = ablation === "interchange" ? provenance : {
    ...provenance,
    options: {
      ...provenance.options,
      ablation,
      ...means,
    },
  };
  return {
    ...found,
    circuit: { ...circuit, provenance: about },
    ...(state !== undefined && { state: runState(name, state) }),
  };
}

/** @throws {RangeError} if a method that needs examples has none */
function examplesOf(
  { name, needs }: AnyMethod,
  input: SearchInput | DiscoveryInput,
): DiscoveryInput["train"] | undefined {
  if ("train" in input) return input.train;
  if (needs !== "examples") return undefined;
  throw new RangeError(
    `Cannot find a circuit by ${name} as examples must be prepared: there are none`,
  );
}
