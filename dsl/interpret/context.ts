/** Context of a statement that runs. @module */
import type { CheckedStatement } from "../check/check.ts";
import type { CheckedExpression } from "../check/program.ts";
import type { Effects } from "./effects.ts";
import type { Env } from "./env.ts";
import type { Session } from "./session.ts";
import type { SourceFile } from "./source_file.ts";
import type { SweepPoint } from "./sweep_results.ts";
import type { Value } from "./values.ts";

/** The interpreter, for parts of it that it is made of: one table, made at the top. */
export interface Interpreter {
  valueOfExpression(expression: CheckedExpression, context: Context): Promise<Value>;
  execute(statement: CheckedStatement, context: Context): Promise<void>;
}

export interface Context {
  readonly session: Session;
  readonly effects: Effects;
  readonly interpreter: Interpreter;
  readonly env: Env;
  readonly source: SourceFile;
  /** Declarations that wait until something asks for their values. */
  readonly defers: "nothing" | "searches" | "searches and values";
  /** The point of a sweep that the statement runs at: `target=94%, seed=1`. */
  readonly point?: string;
  /** The sweep's values there, and its results so far. */
  readonly sweep?: SweepPoint;
}

/** The name of something in a run: its own, and the point of the sweep that it stands at. */
export function labelled(name: string, { point }: Context): string {
  return name + (point === undefined ? "" : ` (${point})`);
}
