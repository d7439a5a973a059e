/**
 * The interpreter: one table of the kinds of statements and expressions, with their effects and values.
 *
 * @module
 */
import type { CheckedProgram, CheckedStatement } from "../check/check.ts";
import type { Context, Interpreter } from "./context.ts";
import { type Effects, UnknownValue } from "./effects.ts";
import type { Env } from "./env.ts";
import { evaluate } from "./expressions.ts";
import type { Session } from "./session.ts";
import { sourceFile } from "./source_file.ts";
import { runCircuit } from "./statements/circuit.ts";
import { runExpect } from "./statements/expect.ts";
import { runImport } from "./statements/import.ts";
import { runModel } from "./statements/model.ts";
import { runPlot } from "./statements/plot.ts";
import { runSave } from "./statements/save.ts";
import { runSweep } from "./statements/sweep.ts";
import { runCorruption, runProgramDeclaration, runSchedule, runTask } from "./statements/task.ts";

type Execute<S extends CheckedStatement> = (statement: S, context: Context) => Promise<void>;
type Executors = {
  readonly [K in CheckedStatement["kind"]]: Execute<Extract<CheckedStatement, { kind: K }>>;
};

const executors: Executors = {
  model: runModel,
  task: runTask,
  corruption: runCorruption,
  schedule: runSchedule,
  circuit: runCircuit,
  program: runProgramDeclaration,
  let: async ({ symbol, value }, context) =>
    context.env.set(symbol, await evaluate(value, context)),
  save: runSave,
  expect: runExpect,
  show: async ({ value }, context) =>
    context.effects.show(
      await evaluate(value, context),
      context.source.written(value),
      context,
    ),
  import: runImport,
  sweep: runSweep,
  plot: runPlot,
};

const interpreter: Interpreter = {
  evaluate,
  execute: async (statement, context) => {
    const { effects } = context;
    effects.begin(statement, context);
    try {
      await (executors[statement.kind] as Execute<CheckedStatement>)(statement, context);
    } catch (error) {
      if (!(error instanceof UnknownValue && effects.tolerant)) throw error;
    }
  },
};

/** Executes one statement of a program. */
export async function execute(
  statement: CheckedStatement,
  program: CheckedProgram,
  { session, effects, env }: {
    readonly session: Session;
    readonly effects: Effects;
    readonly env: Env;
  },
): Promise<void> {
  const context = { session, effects, env, interpreter, source: sourceFile(program) };
  await interpreter.execute(statement, context);
}
