/** Values of names while a script runs. @module */
import type { MethodName } from "../../runtime/discovery/mod.ts";
import type { Circuit, Universe } from "../../runtime/circuits/mod.ts";
import type { CompiledProgram, ProgramTaskDefinition } from "../../runtime/programs/mod.ts";
import type { Model } from "../../runtime/models/mod.ts";
import type {
  CorruptionDefinition,
  DataDefinition,
  GeneratedDefinition,
  TaskDefinition,
} from "../../runtime/tasks/mod.ts";
import type { Schedule, StatementOf } from "../check/program.ts";
import type { Place } from "./error.ts";
import type { Table } from "../../runtime/tables/table.ts";

/** An opened model and its edges. */
export interface ModelValue {
  readonly kind: "model";
  readonly name: string;
  readonly model: Model;
  readonly universe: Universe;
  /** The compiled program, of a model that comes from one. */
  readonly plan?: CompiledProgram;
}

/** A program, compiled. */
export interface ProgramValue {
  readonly kind: "program";
  readonly name: string;
  readonly plan: CompiledProgram;
}

/** A task before it meets a model's tokenizer. */
export interface TaskValue {
  readonly kind: "task";
  readonly name: string;
  readonly source:
    | { readonly kind: "templates"; readonly definition: TaskDefinition }
    | { readonly kind: "data"; readonly definition: DataDefinition }
    | { readonly kind: "generator"; readonly definition: GeneratedDefinition }
    | {
      readonly kind: "program";
      readonly plan: CompiledProgram;
      readonly definition: ProgramTaskDefinition;
    };
  readonly file: string;
  /** Places of diagnostics about its examples. */
  readonly places: StatementOf<"task">["places"];
}

/** A corruption of a task. */
export interface CorruptionValue {
  readonly kind: "corruption";
  readonly name: string;
  /** The task that it belongs to. */
  readonly task: TaskValue;
  readonly definition: CorruptionDefinition;
  readonly place: Place;
}

/** A training schedule. */
interface ScheduleValue {
  readonly kind: "schedule";
  readonly name: string;
  readonly schedule: Schedule;
}

/** A circuit, with the model, task and corruption that its evaluations default to. */
export interface CircuitValue {
  readonly kind: "circuit";
  readonly circuit: Circuit;
  readonly model: ModelValue;
  readonly task?: TaskValue;
  readonly corruption?: CorruptionValue;
  /** The way to find it again, of a circuit that a method found. */
  readonly again?: Again;
  /** True for a circuit of a rehearsal, whose edges are not known. */
  readonly pending?: boolean;
}

/** Runs a circuit's discovery again with one thing changed. */
export interface Again {
  readonly method: MethodName;
  /** The seed that it was found with, and the bootstrap sample, where it was one. */
  readonly seed: number;
  readonly resample?: number;
  find(word: "seed" | "resample", value: number): Promise<CircuitValue>;
}

/** A value of a name. */
export type Value =
  | ModelValue
  | ProgramValue
  | TaskValue
  | CorruptionValue
  | ScheduleValue
  | CircuitValue
  /** `percent`: written as a share, which `keep` and `top` tell from a number of edges. */
  | { readonly kind: "number"; readonly number: number; readonly percent?: boolean }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "truth"; readonly truth: boolean }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  | { readonly kind: "table"; readonly table: Table }
  /** The value of a computation that a rehearsal leaves out. */
  | { readonly kind: "unknown" };

/** A value of a name of a script: a circuit, a model, a number, ... */
export type ScriptValue =
  | { readonly kind: "circuit"; readonly circuit: Circuit }
  | {
    readonly kind: "model";
    readonly model: Model;
    readonly universe: Universe;
    readonly plan?: CompiledProgram;
  }
  | { readonly kind: "program"; readonly plan: CompiledProgram }
  | { readonly kind: "task" | "corruption" | "schedule"; readonly name: string }
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "truth"; readonly truth: boolean }
  | { readonly kind: "list"; readonly items: readonly ScriptValue[] }
  | { readonly kind: "table"; readonly table: Table }
  | { readonly kind: "unknown" };
