/** Runs a checked script, statement by statement: it computes, writes and tells. @module */
import { dirname } from "node:path";
import type { CheckedProgram } from "../check/check.ts";
import { searchNow } from "./circuit/find.ts";
import type { Context } from "./context.ts";
import { type Effects, nothing } from "./effects.ts";
import { StoppedError } from "./error.ts";
import { tellUnasked } from "./deferred.ts";
import { execute } from "./interpreter.ts";
import { measureNow } from "./measure/measure.ts";
import { predict } from "./predict.ts";
import { rehearse } from "./rehearsal.ts";
import type { Session } from "./session.ts";
import { linesOf } from "../text/source.ts";
import { show } from "./show.ts";
import { type Gathered, overOf, swept, tableOf } from "./sweep_results.ts";
import { writing } from "./source_file.ts";

/** Effects of a script that runs. */
export const running: Effects = {
  ...nothing,
  measures: true,
  begin: (_, { session }) => {
    if (!session.host.signal().aborted) return;
    throw new StoppedError("stopped: what was found before is kept");
  },
  find: (search, { session }, state) => searchNow(search, session, state),
  measure: (measurement, { session }) => measureNow(measurement, session),
  predict: (prompt, { session }) => predict(prompt, session),
  write: (file, { source }, write) =>
    writing(file, source, async () => {
      const path = source.path(file.text);
      await Deno.mkdir(dirname(path), { recursive: true });
      await write(path);
    }),
  show: (value, of, context) => {
    const { session, source, point, sweep } = context;
    const name = source.written(of);
    const table = sweep && tableOf(value, name);
    if (sweep && table) {
      const { choices, results } = sweep;
      const finish = (all: readonly Gathered[]) =>
        Promise.resolve(context.effects.showSwept(swept(all, overOf(of)), of, context));
      return results.add(of, { choices, table }, finish);
    }
    show(value, point === undefined ? name : `${name} (${point})`, session.host);
    session.last = value;
  },
  showSwept: (table, of, { session, source }) => {
    session.host.table(table, source.written(of));
    session.last = { kind: "table", table };
  },
  expected: (holds, where, text, { session }) => {
    if (!holds) session.failed.push(where);
    session.host.note(`${holds ? "as expected" : `${where}: not as expected`}: ${text}`);
  },
  note: (text, { session }) => session.host.note(text),
};

/** Effects of a script that runs as a whole: a note names a file that cannot be written, and the other statements run. */
const runningOn: Effects = {
  ...running,
  unwritten: ({ message, file, span }, { session, source }) => {
    const where = `${file}:${linesOf(source.text).position(span.start).line}`;
    session.failed.push(where);
    session.host.note(`${where}: error: ${message}`);
  },
};

/**
 * Runs the statements in order; each sees the names of those before it. First it looks for what would fail late, so that
 * nothing is computed for a script that would not come to its end.
 *
 * @param options.defers declarations that wait until something asks for them, as {@linkcode deferredIn} tells
 * @throws {ScriptError} for what is wrong with the script and shows only when it runs
 * @throws {StoppedError} when the user stopped a discovery; what was found has its name
 */
export async function runProgram(
  program: CheckedProgram,
  session: Session,
  { defers = "nothing" }: Partial<Pick<Context, "defers">> = {},
): Promise<void> {
  await rehearse(program, session);
  await session.run();
  const { env } = session;
  for (const statement of program.statements) {
    await execute(statement, program, { session, effects: runningOn, env, defers });
  }
  tellUnasked(session, program.source.file);
}
