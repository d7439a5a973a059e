/**
 * Runs a script's text for a program that embeds the language.
 *
 * @module
 */
import type { Table } from "../../runtime/circuits/mod.ts";
import type { DeviceChoice } from "../../runtime/engine/mod.ts";
import { renderDiagnostics } from "../text/diagnostics.ts";
import { checkText } from "../check/files.ts";
import { ScriptError } from "./error.ts";
import type { Progress } from "./host.ts";
import { runProgram } from "./run.ts";
import { openSession } from "./session.ts";
import type { Value } from "./values.ts";

export interface RunOptions {
  /** The script's name for messages; relative paths start from its folder. */
  readonly file?: string;
  readonly device?: DeviceChoice;
  /** Told of steps of long computations. */
  readonly onProgress?: (progress: Progress) => void;
  /** Told of what is worth knowing and no result: the device, what was found, expectations that held. */
  readonly onNote?: (note: string) => void;
  /** Stops a discovery between steps; the script ends there with a `StoppedError`. */
  readonly signal?: AbortSignal;
}

export interface ScriptResult {
  /** What every name of the script stands for: circuits, models, tasks, numbers, tables. */
  readonly names: ReadonlyMap<string, Value>;
  /** Results that the script shows, in order. */
  readonly shown: readonly (Table | string)[];
  /** Where expectations were that did not hold: `ioi.circ:42`. */
  readonly failed: readonly string[];
}

/**
 * Parses, checks and runs a script.
 *
 * @throws {ScriptError} for a script that is wrong, or whose models, tasks and files are; its message is the
 *   text that the command would show
 *
 * @example
 * ```ts
 * const { names } = await runScript(await Deno.readTextFile("ioi.circ"), { file: "ioi.circ" });
 * ```
 */
export async function runScript(text: string, options: RunOptions = {}): Promise<ScriptResult> {
  const { file = "script.circ", device = "auto" } = options;
  const { checked, diagnostics, sources, ok } = checkText(text, file);
  if (!ok) {
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    throw new ScriptError(errors[0], { text: renderDiagnostics(errors, sources) });
  }
  const shown: (Table | string)[] = [];
  const session = openSession({
    device,
    rehearses: true,
    host: {
      table: (table) => void shown.push(table),
      text: (line) => void shown.push(line),
      note: (note) => options.onNote?.(note),
      progress: (progress) => options.onProgress?.(progress),
      progressDone: () => {},
      signal: () => options.signal ?? new AbortController().signal,
    },
  });
  try {
    await runProgram(checked.program, session);
    const names = [...checked.names].flatMap(([name, symbol]) => {
      const value = session.env.get(symbol);
      return value === undefined ? [] : [[name, value] as const];
    });
    return { names: new Map(names), shown, failed: session.failed };
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    throw new ScriptError(error.diagnostic, {
      text: renderDiagnostics([error.diagnostic], sources),
      cause: error,
    });
  } finally {
    await session.close();
  }
}
