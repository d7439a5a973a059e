/**
 * Runs a checked script, statement by statement.
 *
 * @module
 */
import type { CheckedProgram } from "../check/check.ts";
import { execute } from "./interpreter.ts";
import { rehearse } from "./rehearsal.ts";
import { running } from "./running.ts";
import type { Session } from "./session.ts";

/**
 * Runs the statements in order; each sees the names of those before it. First it looks for what would fail late, so that
 * nothing is computed for a script that would not come to its end.
 *
 * @throws {ScriptError} for what is wrong with the script and shows only when it runs
 *
 * @throws {StoppedError} when the user stopped a discovery; what was found has its name
 */
export async function runProgram(program: CheckedProgram, session: Session): Promise<void> {
  await rehearse(program, session);
  const { env } = session;
  for (const statement of program.statements) {
    await execute(statement, program, { session, effects: running, env });
  }
}
