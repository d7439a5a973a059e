/**
 * What every discovery method takes and gives back.
 *
 * @module
 */
import type { Circuit } from "../circuits/circuit.ts";
import type { Universe } from "../universe/universe.ts";
import type { CircuitWord, ScheduleWord } from "./fields.ts";
import { defaultsOf, type Option, type OptionRecords, requireOptions } from "./options.ts";
import type { Passes, SearchSize } from "./cost.ts";
import type { MetricChoice } from "../metrics/metric.ts";
import type { CompiledProgram } from "../programs/mod.ts";
import type { Cost, MaskedModel, PreparedExamples } from "../stream/mod.ts";

/** The input of a method that does not run the model. */
export interface SearchInput {
  readonly masked: Pick<MaskedModel, "model" | "universe"> & Partial<Pick<MaskedModel, "engine">>;
  /** For the circuit's provenance. */
  readonly task?: string;
  readonly corruption?: string;
  /** The program that the model was compiled from, for methods that need it. */
  readonly plan?: CompiledProgram;
}

/** The input of a method. */
export interface DiscoveryInput extends SearchInput {
  readonly masked: MaskedModel;
  readonly train: PreparedExamples;
  readonly task: string;
  readonly corruption: string;
  /** The task's own metric, for methods whose objective is `metric`; default: logit_difference. */
  readonly metric?: MetricChoice;
}

/** Progress of a method that works in steps. */
export interface DiscoveryStep {
  /** Steps done, and steps in all. */
  readonly step: number;
  readonly steps: number;
  /** Mean loss over the step's examples: the objective's value, or its negative where higher is better. */
  readonly loss: number;
  /** The objective's name, and its value as it is measured: for `kl` in nats. */
  readonly objective: { readonly name: string; readonly value: number };
  /** Sparsity asked for at this step, and the expected sparsity of the masks, in [0, 1]. */
  readonly targetSparsity: number;
  readonly expectedSparsity: number;
  readonly targetNodeSparsity?: number;
  readonly expectedNodeSparsity?: number;
  /** Seconds since the method began. */
  readonly seconds: number;
}

export interface DiscoveryHooks {
  readonly onStep?: (step: DiscoveryStep) => void;
  /**
   * Called after each step by methods that can be resumed, with a function that returns the state of the run. The next step
   * changes that state in place: a caller that keeps it copies it at once.
   */
  readonly onState?: (state: () => unknown) => void;
  /** Stops between steps; what was found so far is returned. */
  readonly signal?: AbortSignal;
}

export interface Discovery<State = unknown> {
  /** The circuit, scored: higher is more important. */
  readonly circuit: Circuit;
  /** Edges taken by score, and how many of them lie on a path from the input to the logits: those are kept. */
  readonly raw: number;
  readonly reachable: number;
  readonly steps: readonly DiscoveryStep[];
  readonly cost: Cost;
  /** Whether it was stopped before its last step. */
  readonly stopped: boolean;
  /** A remark on the circuit, of methods that are asked for no size. */
  readonly note?: string;
  /** State to resume the run from; absent for methods that do all at once. */
  readonly state?: State;
}

/** What a method needs: examples of a task, on which the model is run; the program that the model comes from; or neither. */
export type Need = "examples" | "program" | "nothing";

/** An objective that a method cannot work with unless the circuit has another field too. */
export interface Refusal {
  readonly objective: string;
  readonly unless: CircuitWord;
  readonly why: string;
  readonly instead: string;
}

/** All there is to know of a method: the checker, the reference, plans and the interpreter read it. */
export interface MethodRecord<Options, State = unknown, Input = DiscoveryInput> {
  /** The name that scripts and provenance know it by. */
  readonly name: string;
  readonly about: string;
  /** The paper that it comes from, with its arXiv number. */
  readonly source?: string;
  readonly needs: Need;
  /** Fields of which a script gives one, to say how many edges stay; none where the method knows. */
  readonly size: readonly (CircuitWord | "edge_sparsity")[];
  readonly options: OptionRecords<Options>;
  readonly refuses?: Refusal;
  /** True if it follows the objective's gradient, which the objective must have then. */
  readonly followsGradient?: boolean;
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
  /** Options that nobody gives; those without a default are left out. */
  readonly defaults: Options;
  /** @throws {DiscoveryError} if an option is out of range */
  complete(given: Partial<Options>, universe: Universe): Options;
  /** @throws {DiscoveryError} if an option is out of range */
  run(
    input: Input,
    options?: Partial<Options>,
    hooks?: DiscoveryHooks,
    resume?: State,
  ): Promise<Discovery<State>>;
}

/** The method of a record. */
export function defineMethod<
  Options extends object,
  State = unknown,
  Input extends SearchInput = DiscoveryInput,
>(record: MethodRecord<Options, State, Input>): Method<Options, State, Input> {
  const { name, options: records } = record;
  const defaults = defaultsOf(records);
  const complete = (given: Partial<Options>, universe: Universe): Options => {
    requireOptions(name, records, given, universe.edgeCount);
    return record.complete?.(given, universe) ?? { ...defaults, ...given };
  };
  return {
    ...record,
    defaults,
    complete,
    run: (input, given = {}, hooks = {}, resume) =>
      record.run(input, complete(given, input.masked.universe), hooks, resume),
  };
}

type Words = Pick<MethodRecord<never>, "needs"> & { readonly options: object };

const recordsOf = ({ options }: Words) => Object.values<Option<unknown>>({ ...options });

/** Fields of a circuit that a method reads or that choose its examples; `using` where it reads a schedule. */
export function circuitWordsOf(method: Words): readonly (CircuitWord | "using")[] {
  const own = new Set(recordsOf(method).flatMap(({ circuit }) => circuit ?? []));
  return [
    ...(scheduleWordsOf(method).length > 0 ? ["using"] as const : []),
    ...own,
    ...(method.needs === "examples" ? ["ablation", "examples", "resample"] as const : []),
  ];
}

/** Fields of a schedule that a method reads. */
export function scheduleWordsOf(method: Words): readonly ScheduleWord[] {
  return [...new Set(recordsOf(method).flatMap(({ schedule }) => schedule ?? []))];
}
