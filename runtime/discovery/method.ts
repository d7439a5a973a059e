/** The contract of discovery methods. @module */
import { DiscoveryError } from "./error.ts";
import type { Circuit } from "../circuits/mod.ts";
import type { Universe } from "../universe/universe.ts";
import type { CircuitWord, ScheduleWord } from "./fields.ts";
import { defaultsOf, type Option, type OptionRecords, requireOptions } from "./options.ts";
import type { Passes, SearchSize } from "./cost.ts";
import { type MetricChoice, nameOfMetric } from "../metrics/mod.ts";
import type { CompiledProgram } from "../programs/mod.ts";
import { type Refusal, refusalOf } from "./refusal.ts";
import { twoSizes } from "./size.ts";
import { endingAt, type SparsitySchedule } from "./training/sparsity.ts";
import type { Cost, MaskedModel, PreparedExamples } from "../stream/mod.ts";

/** The input of a method that does not run the model. */
export interface SearchInput {
  /** The model and its edges. */
  readonly masked: Pick<MaskedModel, "model" | "universe"> & Partial<Pick<MaskedModel, "engine">>;
  /** Name of the task, for the circuit's provenance. */
  readonly task?: string;
  /** Name of the corruption, for the circuit's provenance. */
  readonly corruption?: string;
  /** The program that the model was compiled from, for methods that need it. */
  readonly plan?: CompiledProgram;
}

/** The input of a method. */
export interface DiscoveryInput extends SearchInput {
  /** The model, with a mask on every edge. */
  readonly masked: MaskedModel;
  /** The examples that the circuit is found on. */
  readonly train: PreparedExamples;
  /** Name of the task, for the circuit's provenance. */
  readonly task: string;
  /** Name of the corruption, for the circuit's provenance. */
  readonly corruption: string;
  /** The task's own metric, for methods whose objective is `metric`; default: logit_difference. */
  readonly metric?: MetricChoice;
}

/** Progress of a method that works in steps. */
export interface DiscoveryStep {
  /** Number of steps done. */
  readonly step: number;
  /** Number of steps in all. */
  readonly steps: number;
  /** Mean loss over the step's examples: the objective's value, or its negative where higher is better. */
  readonly loss: number;
  /** The objective's name, and its value as it is measured: for `kl` in nats. */
  readonly objective: { readonly name: string; readonly value: number };
  /** Sparsity that the schedule asks for at this step, in [0, 1]; with node masks, of the edges' own masks. */
  readonly targetSparsity: number;
  /** Expected sparsity of the masks as they are drawn, in [0, 1]: an edge is open where its own mask and its writer's are. */
  readonly expectedSparsity: number;
  /** Sparsity over heads and MLPs that the schedule asks for, in [0, 1]; absent without node masks. */
  readonly targetNodeSparsity?: number;
  /** Expected sparsity over heads and MLPs, in [0, 1]. */
  readonly expectedNodeSparsity?: number;
  /** Seconds since the method began. */
  readonly seconds: number;
}

/** Callbacks of a discovery, and the signal that stops it. */
export interface DiscoveryHooks {
  /** Receives every step. */
  readonly onStep?: (step: DiscoveryStep) => void;
  /**
   * Called after each step by methods that can be resumed, with a function that returns the state of the run. The next step
   * changes that state in place: a caller that keeps it copies it at once.
   */
  readonly onState?: (state: () => unknown) => void;
  /** Receives the progress of a clean-up after every pass. */
  readonly onCleanUp?: (progress: CleanUpProgress) => void;
  /** Stops between steps; the circuit found so far is returned. */
  readonly signal?: AbortSignal;
}

/** Progress of a clean-up by measurement. */
export interface CleanUpProgress extends Pick<DiscoveryStep, "loss" | "objective"> {
  /** Edges are removed first, and exchanged then. */
  readonly stage: "removal" | "exchange";
  /** Number of edges removed, or of exchanges. */
  readonly done: number;
  /** Number of edges to remove, or of exchanges at most. */
  readonly all: number;
  /** Number of edges that are left. */
  readonly edges: number;
  /** Number of sets of edges that were measured. */
  readonly measured: number;
}

/** Outcome of a discovery. */
export interface Discovery<State = unknown> {
  /** The circuit, with scores; a higher score is more important. */
  readonly circuit: Circuit;
  /** Number of edges taken by score. */
  readonly raw: number;
  /** Number of those edges on a path from the input to the logits: the circuit keeps these. */
  readonly reachable: number;
  /** Number of edges on a path before a clean-up removed some by measurement; absent where none did. */
  readonly beforeCleanUp?: number;
  /** Steps of the method. */
  readonly steps: readonly DiscoveryStep[];
  /** Cost of the method, without preparing the examples. */
  readonly cost: Cost;
  /** True if it was stopped before its last step. */
  readonly stopped: boolean;
  /** A remark on the circuit, of methods that are asked for no size. */
  readonly note?: string;
  /** A sentence about edges of one score on both sides of the cut, between which no score decided. */
  readonly undecided?: string;
  /** State to resume the run from; absent for methods that do all at once. */
  readonly state?: State;
}

/** Needs of a method: examples of a task, on which the model is run; the program that the model comes from; or neither. */
export type Need = "examples" | "program" | "nothing";

/** All there is to know of a method: the checker, the reference, plans and the interpreter read it. */
export interface MethodRecord<Options, State = unknown, Input = DiscoveryInput> {
  /** The name that scripts and provenance know it by. */
  readonly name: string;
  readonly about: string;
  /** The paper that it comes from: `Syed et al. 2023, arXiv:2310.10348`, or the venue where it has no such number. */
  readonly source?: string;
  readonly needs: Need;
  /** Fields of which a script gives one, to say how many edges stay; none where the method knows. */
  readonly size: readonly (CircuitWord | "edge_sparsity")[];
  readonly options: OptionRecords<Options>;
  /** An objective that it cannot work with, in scripts and in the library. */
  readonly refuses?: Refusal;
  /** True if it follows the objective's gradient, which the objective must have then. */
  readonly followsGradient?: boolean;
  /** True if it takes the inputs from corrupted to clean, for which the embeddings' edges must have masks. */
  movesInputs?(options: Options): boolean;
  /** Options with what follows from others; where it is left out, each has its own default. */
  complete?(given: Partial<Options>, universe: Universe): Options;
  /** The cost of a search, before it is made, as {@linkcode Cost} has it afterwards. */
  passes(options: Options, search: SearchSize): Passes;
  /**
   * Finds a circuit. The same input, options and seed give the same circuit.
   *
   * @param options every option, within its range
   * @param resume a state that an earlier, stopped run returned, with the same options; methods without a state start anew
   */
  run(
    input: Input,
    options: Options,
    hooks: DiscoveryHooks,
    resume?: State,
  ): Promise<Discovery<State>>;
}

/** A discovery method, with options that may be left out. */
export interface Method<Options, State = unknown, Input = DiscoveryInput>
  extends MethodRecord<Options, State, Input> {
  /** Defaults of options; those without a default are left out. */
  readonly defaults: Options;
  /** Fields of a circuit that the method reads or that choose its examples; `using` where it reads a schedule. */
  readonly circuitWords: readonly (CircuitWord | "using")[];
  /** Fields of a schedule that the method reads. */
  readonly scheduleWords: readonly ScheduleWord[];
  /** @throws {DiscoveryError} if an option is out of range, or of no use in the universe */
  complete(given: Partial<Options>, universe: Universe): Options;
  /** @throws {DiscoveryError} if an option is out of range or the method refuses the objective */
  run(
    input: Input,
    options?: Partial<Options>,
    hooks?: DiscoveryHooks,
    resume?: State,
  ): Promise<Discovery<State>>;
}

/** The method of a record; its types are those of the declaration that it is assigned to. */
export function defineMethod<
  Options extends object,
  State = unknown,
  Input extends SearchInput = DiscoveryInput,
>(record: NoInfer<MethodRecord<Options, State, Input>>): Method<Options, State, Input> {
  const { name, needs, options: records } = record;
  const all = Object.values<Option<unknown>>(records);
  const scheduleWords = [...new Set(all.flatMap(({ schedule }) => schedule ?? []))];
  const defaults = defaultsOf(records);
  const complete = (given: Partial<Options>, universe: Universe): Options => {
    requireOptions(name, records, given, universe.edgeCount);
    const options = towardsKeep(
      given,
      record.complete?.(given, universe) ?? { ...defaults, ...given },
      universe,
    );
    if (universe.convention.embeddings === "kept" && record.movesInputs?.(options)) {
      throw new DiscoveryError(
        `\`${name}\` corrupts the inputs, and the edges of the embeddings are always kept here`,
        "take a model with `split embeddings` or `join embeddings`",
      );
    }
    return options;
  };
  return {
    ...record,
    defaults,
    circuitWords: [
      ...(scheduleWords.length > 0 ? ["using"] as const : []),
      ...new Set(all.flatMap(({ circuit }) => circuit ?? [])),
      ...(needs === "examples" ? ["ablation", "examples", "resample"] as const : []),
    ],
    scheduleWords,
    complete,
    run(input, given = {}, hooks = {}, resume) {
      const options = complete(given, input.masked.universe);
      requireObjective(record, options, input);
      return record.run(input, options, hooks, resume);
    },
  };
}

/** Options whose schedule ends at the edges that are to be kept: `keep` decides where both are given. */
function towardsKeep<Options>(
  given: Partial<Options>,
  options: Options,
  universe: Universe,
): Options {
  const { edgeSparsity } = given as { edgeSparsity?: SparsitySchedule };
  const sizes = twoSizes(given, universe);
  if (!edgeSparsity || !sizes) return options;
  return {
    ...options,
    edgeSparsity: endingAt(edgeSparsity, 1 - sizes.keep / universe.edgeCount),
  };
}

/** @throws {DiscoveryError} if the method refuses the objective of its options */
export function requireObjective(
  { refuses, options: records }: Pick<MethodRecord<never>, "refuses"> & {
    readonly options: object;
  },
  options: { readonly objective?: string },
  { metric = "logit_difference" }: Pick<Partial<DiscoveryInput>, "metric"> & Partial<SearchInput>,
): void {
  const has = (word: CircuitWord) =>
    Object.entries<Option<unknown>>({ ...records }).some(([name, { circuit }]) =>
      circuit === word && options[name as keyof typeof options] !== undefined
    );
  const refusal = refusalOf(refuses, options.objective, nameOfMetric(metric), has);
  if (refusal) throw refusal;
}
