/**
 * The checked program: what a script says, with every name resolved to its declaration.
 *
 * The identity of a name is its {@linkcode Symbol}, one for each declaration. Values that only running tells, in a sweep or
 * of a `let`, stand in the records as expressions ({@linkcode Later}). A program is whole where its check found no error.
 *
 * @module
 */
import type {
  MethodName,
  rates,
  scheduleFields,
  SparsitySchedule,
  WordsOfKind,
} from "../../runtime/discovery/mod.ts";
import type { Convention } from "../../runtime/universe/conventions.ts";
import type { RaspProgram } from "../../runtime/programs/mod.ts";
import type { Ablation } from "../../runtime/universe/ablations.ts";
import type { CorruptionDefinition, Split, TaskDefinition } from "../../runtime/tasks/mod.ts";
import type { Source, Span } from "../text/source.ts";
import type {
  CheckedExpression,
  FileName,
  Occasion,
  Open,
  Piece,
  Use,
} from "./checked_expression.ts";
import type { Symbol } from "./symbols.ts";

export type * from "./checked_expression.ts";

/** A script, or one that it imports. */
export interface CheckedProgram {
  readonly source: Source;
  /** Folder that relative paths in it start from. */
  readonly folder: string;
  readonly statements: readonly CheckedStatement[];
}

export type StatementOf<K extends keyof Statements> =
  & { readonly kind: K }
  & Readonly<Statements[K]>;

export type CheckedStatement = {
  readonly [K in keyof Statements]: StatementOf<K>;
}[keyof Statements];

/** Parts of the statements of each kind. */
interface Statements {
  model: Declared & {
    /** A folder or `hub:owner/name`, or a program of the script. */
    source: { readonly span: Span; readonly from: string | Symbol };
    convention: Convention;
  };
  task: Declared & {
    source:
      | { readonly kind: "templates"; readonly definition: Open<TaskDefinition> }
      | { readonly kind: "data"; readonly definition: Open<DataFields> }
      | { readonly kind: "generator"; readonly definition: Open<GeneratorFields> }
      | {
        readonly kind: "program";
        readonly program: Symbol;
        readonly definition: Open<TaskBasics>;
      };
    /** Places of fields that its examples may show to be wrong. */
    places: {
      readonly name: Span;
      readonly answer?: Span;
      readonly prompts: readonly Piece[];
      readonly source?: Span;
    };
    /** Of a task that is declared again at a prompt: the corruptions of the earlier one. */
    carried?: readonly CarriedCorruption[];
  };
  corruption: Declared & { task: Use; definition: Open<CorruptionDefinition> };
  schedule: Declared & { schedule: Open<Schedule> };
  circuit: Declared & {
    model: Use;
    task: Use | undefined;
    corruption: Use | undefined;
    source:
      | { readonly kind: "file"; readonly file: Piece }
      | { readonly kind: "edges"; readonly edges: readonly CheckedEdge[] }
      | CheckedSearch;
  };
  program: Declared & { definition: Open<RaspProgram> };
  let: Declared & { value: CheckedExpression };
  import: { program: CheckedProgram };
  sweep: {
    variables: readonly (Declared & { readonly values: CheckedExpression })[];
    statements: readonly CheckedStatement[];
  };
  plot: {
    /** A metric, or a plot of the circuits alone. */
    what: string;
    circuits: readonly CheckedExpression[];
    occasion: Occasion;
    over: Use | undefined;
    file: FileName;
    span: Span;
  };
  save: { value: CheckedExpression; file: FileName };
  expect: { condition: CheckedExpression };
  show: { value: CheckedExpression };
}

interface Declared {
  readonly symbol: Symbol;
}

/** A corruption of an earlier task, declared for the task that has its name now. */
export interface CarriedCorruption {
  /** The earlier declaration. */
  readonly from: Symbol;
  readonly checked: StatementOf<"corruption">;
}

/** Fields of tasks of every kind. */
export type TaskBasics =
  & Pick<TaskDefinition, "name" | "examples" | "seed" | "drawnAs">
  & Partial<Pick<TaskDefinition, "metric">>;

export interface GeneratorFields extends TaskBasics {
  readonly generator: string;
  readonly options: Readonly<Record<string, string | number>>;
}

/** Paths of `files` are as the script writes them. */
export interface DataFields extends Omit<TaskBasics, "examples"> {
  readonly files: string | Partial<Readonly<Record<Split, string>>>;
  readonly columns: Readonly<Record<string, string>>;
  readonly examples?: Partial<Readonly<Record<Split, number>>>;
  readonly skipBrokenRows: boolean;
}

/** A sparsity whose climb takes all steps there are when `over` is left out. */
export type SparsityPlan = Omit<SparsitySchedule, "over"> & { readonly over?: number };

export type ScheduleNumber = WordsOfKind<typeof scheduleFields, "whole" | "number">;

/** A schedule; a missing field has the method's own default. */
export interface Schedule
  extends Partial<Readonly<Record<ScheduleNumber | (typeof rates)[keyof typeof rates], number>>> {
  readonly warmUp?: number;
  readonly edgeSparsity?: SparsityPlan;
  /** `null`: components have no masks of their own. */
  readonly nodeSparsity?: SparsityPlan | null;
}

/** An edge that is written out. */
export interface CheckedEdge {
  readonly from: string;
  readonly to: string;
  readonly score: Open<number> | undefined;
  readonly span: Span;
}

/** A search: a circuit's declaration with `find`. */
export interface CheckedSearch {
  readonly kind: "search";
  readonly method: MethodName;
  readonly ablation: Ablation;
  readonly seed: Open<number> | undefined;
  /** Number of training examples, and the bootstrap sample of them. */
  readonly examples: Open<number> | undefined;
  readonly resample: Open<number> | undefined;
  /** The fields that are options of the method, in order. */
  readonly options: readonly CheckedOption[];
}

/** A field that is an option of a method, by its word. */
export type CheckedOption =
  & { readonly span: Span }
  & (
    | { readonly word: string; readonly value: Open<number> | string | boolean }
    | { readonly word: "using"; readonly schedule: Symbol; readonly overrides: Open<Schedule> }
    | { readonly word: "within" | "start"; readonly circuit: Use }
    /** `amount` is a share or a number of edges, or with `above` a score. */
    | { readonly word: "keep"; readonly above: boolean; readonly amount: CheckedExpression }
  );
