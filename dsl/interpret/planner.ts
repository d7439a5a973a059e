/**
 * What stands in for everything that takes long when a script is planned and not run.
 *
 * @module
 */
import type { MetricChoice } from "../../runtime/evaluation/mod.ts";
import type { Split, Task } from "../../runtime/tasks/mod.ts";
import type { CircuitDeclaration, Statement } from "../syntax/tree.ts";
import type { Context } from "./context.ts";
import type { CircuitValue } from "./values.ts";

export interface Planner {
  /** Told of every statement before it is executed. */
  begin(statement: Statement, context: Context): void;
  /** Notes what a discovery would cost; gives a circuit of the size that it would have. */
  find(declaration: CircuitDeclaration, context: Context): Promise<CircuitValue>;
  /** Notes what measuring a circuit would cost. */
  measure(measurement: Measurement): void;
}

/** Metrics that are wanted of a circuit. */
export interface Measurement {
  readonly value: CircuitValue;
  readonly metrics: readonly MetricChoice[];
  readonly examples: Task;
  readonly split: Split;
}
