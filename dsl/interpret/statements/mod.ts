/**
 * What each kind of statement does when it runs.
 *
 * @module
 */
import type { Statement } from "../../syntax/tree.ts";
import type { Context } from "../context.ts";
import { fail } from "../error.ts";
import { evaluate } from "../expressions.ts";
import { runCircuit } from "./circuit.ts";
import { runExpect } from "./expect.ts";
import { runImport } from "./import.ts";
import { runModel } from "./model.ts";
import { runPlot } from "./plot.ts";
import { runProgramDeclaration } from "./program.ts";
import { runSave } from "./save.ts";
import { runShow } from "./show.ts";
import { runSweep } from "./sweep.ts";
import { runCorruption, runSchedule, runTask } from "./task.ts";

type Execute<S extends Statement> = (statement: S, context: Context) => Promise<void> | void;
type Executors = { readonly [K in Statement["kind"]]: Execute<Extract<Statement, { kind: K }>> };

const executors: Executors = {
  ModelDeclaration: runModel,
  TaskDeclaration: runTask,
  CorruptionDeclaration: runCorruption,
  ScheduleDeclaration: runSchedule,
  CircuitDeclaration: runCircuit,
  LetStatement: async ({ name, value }, context) =>
    context.define(name.text, await evaluate(value, context)),
  SaveStatement: runSave,
  ExpectStatement: runExpect,
  ShowStatement: runShow,
  ProgramDeclaration: runProgramDeclaration,
  ImportStatement: runImport,
  SweepStatement: runSweep,
  PlotStatement: runPlot,
  BrokenStatement: (statement, { scope }) =>
    fail(scope.place(statement), "this statement could not be read"),
};

/** Runs one statement. */
export async function execute(statement: Statement, context: Context): Promise<void> {
  context.session.planner?.begin(statement, context);
  const executor = executors[statement.kind] as Execute<Statement>;
  await executor(statement, context);
}
