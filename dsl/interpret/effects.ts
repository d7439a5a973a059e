/**
 * Everything that a script does to the world, or that takes long: a table of effects, which the context holds.
 *
 * Running computes and writes. Planning counts what running would compute. A rehearsal looks for what would fail late. The
 * interpreter is the same for all three.
 *
 * @module
 */
import type { MetricChoice } from "../../runtime/evaluation/mod.ts";
import type { Table } from "../../runtime/tables/table.ts";
import type { Example, Split, Task } from "../../runtime/tasks/mod.ts";
import type { CheckedStatement } from "../check/check.ts";
import type { CheckedExpression, Piece } from "../check/program.ts";
import type { Search } from "./circuit/search.ts";
import type { Diagnostic } from "../text/diagnostics.ts";
import type { Context } from "./context.ts";
import type { Place } from "./error.ts";
import type { CircuitValue, ModelValue, Value } from "./values.ts";

/** Metrics that are wanted of a circuit. */
export interface Measurement {
  readonly value: CircuitValue;
  readonly model: ModelValue;
  readonly metrics: readonly MetricChoice[];
  readonly examples: Task;
  readonly split: Split;
  /** The task whose training examples a mean ablation's values are over; null under other ablations. */
  readonly means: Task | null;
  readonly place: Place;
}

/** The value of a metric, with its interval over the examples where it has one. */
export interface Measured {
  readonly value: number;
  readonly low?: number | null;
  readonly high?: number | null;
}

/** One prompt that a circuit is run on. */
export interface Prompt {
  readonly value: CircuitValue;
  readonly model: ModelValue;
  readonly example: Example;
  /** As in {@link Measurement}. */
  readonly means: Task | null;
  readonly place: Place;
}

/** A circuit that a search found. */
export interface Found {
  readonly value: CircuitValue;
  /** State of a search that the user stopped, from which it continues. */
  readonly stopped?: { readonly state: unknown };
}

export interface Effects {
  /** True if values may be unknown; statements that need them are then left out. */
  readonly tolerant: boolean;
  /** True if numbers are measured; where a script is only inspected, other numbers take their place. */
  readonly measures: boolean;
  /** Receives the path of every file that a statement reads, before it does. */
  read(path: string): void;
  /** Receives every statement before it is executed. */
  begin(statement: CheckedStatement, context: Context): void;
  /** @param state state of the same search when it was stopped, from which it continues */
  find(search: Search, context: Context, state?: unknown): Promise<Found>;
  /** Values of metrics, in their order. */
  measure(measurement: Measurement, context: Context): Promise<readonly Measured[]>;
  /** A number that was measured, as a value of the script. */
  measured(number: number): Value;
  /** The likeliest next tokens of the full model and of the circuit. */
  predict(prompt: Prompt, context: Context): Promise<Table>;
  /** Receives the error of a `save` or `plot`, after which the other statements run; without it, the script ends. */
  unwritten?(error: Diagnostic, context: Context): void;
  /** Writes a file that the script names, and its folder. */
  write(file: Piece, context: Context, write: (path: string) => Promise<void>): Promise<void>;
  show(value: Value, of: CheckedExpression, context: Context): void;
  /** Shows the table of a statement at all points of a sweep. */
  showSwept(table: Table, of: CheckedExpression, context: Context): void;
  /** An expectation, and whether it holds. */
  expected(holds: boolean, where: string, text: string, context: Context): void;
  note(text: string, context: Context): void;
}

/** Effects that compute nothing, write nothing and tell nothing. */
export const nothing: Effects = {
  tolerant: false,
  measures: false,
  read: () => {},
  begin: () => {},
  find: () => Promise.reject(new UnknownValue()),
  measure: ({ metrics }) => Promise.resolve(metrics.map(() => ({ value: 0, low: 0, high: 0 }))),
  measured: (number) => ({ kind: "number", number }),
  predict: () => Promise.resolve({ columns: [], rows: [] }),
  write: () => Promise.resolve(),
  show: () => {},
  showSwept: () => {},
  expected: () => {},
  note: () => {},
};

/** Thrown where a value is needed that only running tells. */
export class UnknownValue extends Error {
  override readonly name = "UnknownValue";

  constructor() {
    super("Cannot use a value that is not known yet");
  }
}
