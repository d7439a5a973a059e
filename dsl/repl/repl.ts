/** A session at the prompt, without a terminal: entries in, results out. @module */
import { dirname } from "node:path";
import { check, type CheckedStatement, type Imported, type Symbol } from "../check/check.ts";
import { type Diagnostic, sortDiagnostics } from "../text/diagnostics.ts";
import { fileContext } from "../check/files.ts";
import { StoppedError } from "../interpret/error.ts";
import { execute } from "../interpret/interpreter.ts";
import { running } from "../interpret/run.ts";
import type { Session } from "../interpret/session.ts";
import type { Source } from "../text/source.ts";
import { parse } from "../syntax/parse.ts";
import type { Statement } from "../syntax/tree.ts";
import { fileProblem } from "../../base/file_problem.ts";
import { nearest } from "../../base/nearest.ts";
import { commands } from "./commands.ts";
import { readText } from "../../base/whole_file.ts";
import { UserError } from "../../base/user_error.ts";
import { helpText } from "./help.ts";
import { carriedStatements, type Ran, ranStatement } from "./session_script.ts";

/** Outcome of an entry. */
export type Outcome = "done" | "failed" | "exit";

/** Settings that dot commands change. */
export interface Settings {
  /** Name of the form that tables are written in. */
  form: string;
  timer: boolean;
}

export interface ReplOptions {
  readonly session: Session;
  readonly settings: Settings;
  /** Folder that relative paths start from. */
  readonly folder: string;
  /** Earlier entries, oldest first. */
  readonly history: readonly string[];
  /** Tells what went wrong with an entry. */
  report(error: unknown, sources: readonly Source[]): void;
  /** Tells what the checker says about an entry. */
  diagnose(diagnostics: readonly Diagnostic[], sources: readonly Source[]): void;
  /** Sends results to a file, or back to the terminal. */
  redirect(path: string | null): void;
  /** Columns that results may take; Infinity where they are not shown in a terminal. */
  width(): number;
}

/** A session: what commands can reach. */
export interface Repl {
  readonly options: ReplOptions;
  /** Names and what the checker knows of them. */
  readonly symbols: Map<string, Symbol>;
  /** Statements that ran, in order. */
  readonly log: Ran[];
  /** Runs one entry: statements, a dot command, or `NAME?`. */
  execute(entry: string): Promise<Outcome>;
  /** Runs a script as if it had been typed. */
  read(path: string): Promise<Outcome>;
}

/** Opens a session at the prompt. */
export function openRepl(options: ReplOptions): Repl {
  const { session, settings } = options;
  let entries = 0;
  /** Name of a circuit whose search was stopped, and which was declared again since. */
  let superseded: string | undefined;
  const imports = new Map<string, Imported>();
  const repl: Repl = {
    options,
    symbols: new Map(),
    log: [],
    execute: async (entry) => {
      const text = entry.trim();
      if (text === "") return "done";
      try {
        const help = /^([\w.]+)\s*\?$/.exec(text);
        if (help !== null) {
          session.host.text(helpText(help[1], repl, commands));
          return "done";
        }
        if (text === "resume") return await resume();
        // Words that newcomers try, as long as they are no names here.
        const plain = /^(help|exit|quit|\?)(?:\s+([\w.]+))?$/.exec(text);
        if (plain !== null && !repl.symbols.has(plain[1])) {
          const [, word, argument = ""] = plain;
          return await runCommand(word === "help" || word === "?" ? "help" : "exit", argument);
        }
        const command = /^\.([a-z]*)(?:\s+([^]*))?$/.exec(text);
        if (command !== null) return await runCommand(command[1], command[2]?.trim() ?? "");
      } catch (error) {
        options.report(error, []);
        return "failed";
      }
      return await runSource({ file: `entry ${++entries}`, text: entry }, options.folder);
    },
    read: async (path) => {
      let text: string;
      try {
        text = await readText(path);
      } catch (error) {
        throw new UserError(`cannot read ${JSON.stringify(path)}: ${fileProblem(error)}`);
      }
      return await runSource({ file: path, text }, dirname(path));
    },
  };

  async function resume(): Promise<Outcome> {
    const { stopped } = session;
    if (stopped === null) {
      throw new UserError(
        superseded === undefined
          ? "nothing was stopped"
          : `\`${superseded}\`, whose search was stopped, was declared again since`,
      );
    }
    session.stopped = null;
    superseded = undefined;
    await stopped.resume();
    return "done";
  }

  async function runCommand(name: string, argument: string): Promise<Outcome> {
    const command = commands.find((each) => each.name === name);
    if (command === undefined) {
      const names = commands.map((each) => `.${each.name}`).join(", ");
      const near = nearest(name, commands.map((each) => each.name));
      throw new UserError(
        `there is no command \`.${name}\``,
        near === undefined ? `commands are ${names}` : `did you mean \`.${near}\`?`,
      );
    }
    return await command.run(argument, repl) ?? "done";
  }

  async function runSource(source: Source, folder: string): Promise<Outcome> {
    const { tree, diagnostics } = parse(source.text, source.file);
    const sources = [source];
    const result = check(tree, {
      ...fileContext(source.file, folder, sources),
      source,
      folder,
      known: repl.symbols,
      imports,
      redefine: true,
    });
    const errors = sortDiagnostics([...diagnostics, ...result.diagnostics])
      .filter(({ severity }) => severity === "error");
    if (errors.length > 0) {
      options.diagnose(errors, sources);
      return "failed";
    }

    const started = performance.now();
    const failures = session.failed.length;
    const { names, symbols, references, program } = result.checked;
    const { env } = session;
    let shown: Ran | null = null;
    const ran = (statement: Statement, checked: CheckedStatement) => {
      const entry = ranStatement(statement, { ...source, folder }, symbols, references);
      repl.log.push(entry);
      if (checked.kind === "task") repl.log.push(...carriedStatements(checked, repl.log));
      return entry;
    };
    try {
      for (const [i, statement] of tree.statements.entries()) {
        const before = session.last;
        try {
          await execute(program.statements[i], program, { session, effects: running, env });
        } catch (error) {
          // A discovery that was stopped has given its name a value all the same.
          const checked = program.statements[i];
          if (
            error instanceof StoppedError && checked.kind === "circuit" && env.has(checked.symbol)
          ) {
            ran(statement, checked);
          }
          throw error;
        }
        const entry = ran(statement, program.statements[i]);
        if (session.last !== before) shown = entry;
      }
    } catch (error) {
      options.report(error, sources);
      return "failed";
    } finally {
      for (const [name, symbol] of names) {
        // A statement that has not run declares nothing.
        if (env.has(symbol)) know(name, symbol);
      }
      nameLast(shown);
      if (settings.timer) {
        session.host.note(`${((performance.now() - started) / 1000).toFixed(3)} s`);
      }
    }
    return session.failed.length > failures ? "failed" : "done";
  }

  /** Gives a name its declaration. The value of an earlier one that nothing can ask for goes. */
  function know(name: string, symbol: Symbol): void {
    const before = repl.symbols.get(name);
    repl.symbols.set(name, symbol);
    if (before !== symbol && before !== undefined && session.stopped?.symbol === before) {
      superseded = name;
      session.stopped = null;
    }
    if (before && before !== symbol && !imports.has(before.file)) session.env.delete(before);
  }

  /** `_` is the value that was last shown. */
  function nameLast(shown: Ran | null): void {
    const { last, env } = session;
    const known = repl.symbols.get("_");
    if (last === undefined || (known && env.get(known) === last)) return;
    const symbol: Symbol = {
      name: "_",
      type: last.kind,
      typed: { type: last.kind },
      file: "_",
      span: { start: 0, end: 0 },
      doc: "The last result.",
      declaration: undefined,
      uses: 0,
    };
    env.set(symbol, last);
    know("_", symbol);
    if (shown !== null) shown.last = symbol;
  }
  return repl;
}
