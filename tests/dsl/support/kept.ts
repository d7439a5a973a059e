/** Runs scripts with a store of results, as the command does, in this process. @module */
import { dirname, join } from "node:path";
import { checkText } from "../../../dsl/check/files.ts";
import { deferredIn } from "../../../dsl/interpret/deferred.ts";
import { silent } from "../../../dsl/interpret/host.ts";
import { runProgram } from "../../../dsl/interpret/run.ts";
import { openStore } from "../../../dsl/interpret/run/store.ts";
import { openSession } from "../../../dsl/interpret/session.ts";
import type { Table } from "../../../runtime/circuits/mod.ts";

export interface Outcome {
  readonly notes: readonly string[];
  readonly shown: readonly (Table | string)[];
  readonly failed: readonly string[];
}

/** Runs a script's file whose results are kept below `runs` in its folder. */
export async function runKept(
  file: string,
  { runs = join(dirname(file), "runs"), fresh = false } = {},
): Promise<Outcome> {
  const { checked, ok, diagnostics } = checkText(await Deno.readTextFile(file), file);
  if (!ok) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const notes: string[] = [];
  const shown: (Table | string)[] = [];
  const note = (text: string) => void notes.push(text);
  const session = openSession({
    device: "cpu",
    rehearses: true,
    store: openStore({ runs, fresh, note }),
    host: {
      ...silent,
      note,
      table: (table) => void shown.push(table),
      text: (text) => void shown.push(text),
    },
  });
  try {
    await runProgram(checked.program, session, { defers: deferredIn(checked.program) });
    return { notes, shown, failed: session.failed };
  } finally {
    await session.close();
  }
}
