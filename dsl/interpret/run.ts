/**
 * Runs a checked script, statement by statement.
 *
 * @module
 */
import type { Source } from "../text/source.ts";
import type { Program, Statement } from "../syntax/tree.ts";
import { scopeOf } from "./scope.ts";
import type { Session } from "./session.ts";
import { execute } from "./statements/mod.ts";

/**
 * Runs the statements in order; each sees the names of those before it.
 *
 * @param folder where relative paths in the script start
 * @throws {ScriptError} for what is wrong with the script and shows only when it runs
 *
 * @throws {StoppedError} when the user stopped a discovery; what was found has its name
 */
export async function runProgram(
  program: Program,
  source: Source,
  folder: string,
  session: Session,
): Promise<void> {
  for (const statement of program.statements) {
    await runStatement(statement, source, folder, session);
  }
}

/** Runs one statement. */
export async function runStatement(
  statement: Statement,
  source: Source,
  folder: string,
  session: Session,
): Promise<void> {
  const { names } = session;
  await execute(statement, {
    session,
    scope: scopeOf(source, folder, names),
    define: (name, value) => void names.set(name, value),
  });
}
