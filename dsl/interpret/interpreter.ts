/** The interpreter: one table of the kinds of statements and expressions, with their effects and values. @module */
import type { CheckedProgram, CheckedStatement, StatementOf } from "../check/program.ts";
import type { Context, Interpreter } from "./context.ts";
import { UnknownValue } from "./effects.ts";
import { valueOfExpression } from "./expressions.ts";
import { ScriptError } from "./error.ts";
import { sourceFile } from "./source_file.ts";
import { runCircuit } from "./statements/circuit.ts";
import { runExpect } from "./statements/expect.ts";
import { runModel } from "./statements/model.ts";
import { runPlot } from "./statements/plot.ts";
import { runSave } from "./statements/save.ts";
import { runSweep } from "./statements/sweep.ts";
import { runCorruption, runProgramDeclaration, runSchedule, runTask } from "./statements/task.ts";

type Execute<K extends CheckedStatement["kind"]> = (
  statement: StatementOf<K>,
  context: Context,
) => Promise<void>;
type Executors = { readonly [K in CheckedStatement["kind"]]: Execute<K> };

const executors: Executors = {
  model: runModel,
  task: runTask,
  corruption: runCorruption,
  schedule: runSchedule,
  circuit: runCircuit,
  program: runProgramDeclaration,
  let: async ({ symbol, value }, context) => {
    const { env, defers } = context;
    const declare = async () => env.set(symbol, await valueOfExpression(value, context));
    if (defers === "searches and values") env.defer(symbol, declare);
    else await declare();
  },
  save: runSave,
  expect: runExpect,
  show: async ({ value }, context) =>
    context.effects.show(await valueOfExpression(value, context), value, context),
  /** The other script's declarations, none of its commands; what it would compute waits until something asks for it. */
  import: async ({ program }, context) => {
    const { session, effects } = context;
    // A script that several others import is run once: its names are the same for all.
    if (session.imported.find(program, effects)) return;
    const source = sourceFile(program);
    for (const statement of program.statements) {
      await interpreter.execute(statement, { ...context, source, defers: "searches and values" });
    }
    session.imported.set([program, effects], program);
  },
  sweep: runSweep,
  plot: runPlot,
};

const interpreter: Interpreter = {
  valueOfExpression,
  execute: async (statement, context) => {
    const { effects } = context;
    effects.begin(statement, context);
    try {
      await (executors[statement.kind] as Execute<CheckedStatement["kind"]>)(statement, context);
    } catch (error) {
      if (error instanceof UnknownValue && effects.tolerant) return;
      const writes = statement.kind === "save" || statement.kind === "plot";
      if (!(writes && effects.unwritten && error instanceof ScriptError)) throw error;
      effects.unwritten(error.diagnostic, context);
    }
  },
};

/**
 * Executes one statement of a program.
 *
 * @param around.defers default: the values of all names are computed where they are declared
 */
export async function execute(
  statement: CheckedStatement,
  program: CheckedProgram,
  { defers = "nothing", ...around }:
    & Pick<Context, "session" | "effects" | "env">
    & Partial<Pick<Context, "defers">>,
): Promise<void> {
  const source = sourceFile(program);
  await interpreter.execute(statement, { ...around, interpreter, source, defers });
}
