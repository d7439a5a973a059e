/** A session at the prompt without a terminal: entries in, results and diagnostics out. @module */
import type { Table } from "../../runtime/circuits/mod.ts";
import { openSession, type Session } from "../../dsl/interpret/session.ts";
import { ScriptError } from "../../dsl/interpret/error.ts";
import type { Host } from "../../dsl/interpret/host.ts";
import { openRepl, type Repl } from "../../dsl/repl/repl.ts";

export interface Prompt {
  readonly repl: Repl;
  readonly session: Session;
  /** Everything that was shown, in order. */
  readonly shown: (Table | string)[];
  readonly notes: string[];
  /** Messages and help lines of entries that failed. */
  readonly problems: string[];
  /** The tables that an entry shows. */
  tables(entry: string): Promise<Table[]>;
}

/** Calls with a prompt on the CPU, and closes it. */
export async function atPrompt(
  use: (prompt: Prompt) => Promise<void>,
  folder = Deno.cwd(),
  host: Partial<Host> = {},
): Promise<void> {
  const shown: (Table | string)[] = [];
  const notes: string[] = [];
  const problems: string[] = [];
  const tell = ({ message, help = "" }: { message: string; help?: string }) =>
    problems.push(`${message} (${help})`);
  const session = openSession({
    device: "cpu",
    host: {
      table: (table) => void shown.push(table),
      text: (text) => void shown.push(text),
      note: (note) => void notes.push(note),
      progress: () => {},
      progressDone: () => {},
      signal: () => new AbortController().signal,
      ...host,
    },
  });
  const repl = openRepl({
    session,
    settings: { form: "table", timer: false },
    folder,
    history: [],
    report: (error) =>
      tell(error instanceof ScriptError ? error.diagnostic : { message: String(error) }),
    diagnose: (diagnostics) => diagnostics.forEach(tell),
    redirect: () => {},
    width: () => Infinity,
  });
  const tables = async (entry: string) => {
    const before = shown.length;
    await repl.execute(entry);
    return shown.slice(before).filter((each): each is Table => typeof each !== "string");
  };
  try {
    await use({ repl, session, shown, notes, problems, tables });
  } finally {
    await session.close();
  }
}
