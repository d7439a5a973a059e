/** Runs a script's text for a program that embeds the language. @module */
import type { Table } from "../../runtime/circuits/mod.ts";
import type { DeviceChoice } from "../../runtime/engine/mod.ts";
import { renderDiagnostics } from "../text/diagnostics.ts";
import { checkText } from "../check/files.ts";
import { ScriptError } from "./error.ts";
import { runProgram } from "./run.ts";
import { silent } from "./host.ts";
import { openSession } from "./session.ts";
import type { ScriptValue } from "./values.ts";

/** Options of {@linkcode runScript}. */
export interface RunOptions {
  /** Name of the script in messages; relative paths start from its folder. Default: `script.circ`. */
  readonly file?: string;
  /** The device to compute on; default: `auto`. */
  readonly device?: DeviceChoice;
  /** Receives the steps of long computations, in the given unit (default: steps), with values to show. */
  readonly onProgress?: (
    progress: {
      readonly label: string;
      readonly step: number;
      readonly steps: number;
      readonly unit?: string;
      readonly values: readonly (readonly [name: string, value: string])[];
    },
  ) => void;
  /** Receives remarks that are no results: the device, sizes of circuits, expectations that held. */
  readonly onNote?: (note: string) => void;
  /** Stops a discovery between steps; the script ends there with a `StoppedError`. */
  readonly signal?: AbortSignal;
}

/** Outcome of a script. */
export interface ScriptResult {
  /** Values of the script's names. Circuits of an imported script that nothing asks for are not found, and have none. */
  readonly names: ReadonlyMap<string, ScriptValue>;
  /** Results that the script shows, in order. */
  readonly shown: readonly (Table | string)[];
  /** Places of expectations that did not hold, and of files that could not be written: `ioi.circ:42`. */
  readonly failed: readonly string[];
}

/**
 * Parses, checks and runs a script.
 *
 * @throws {ScriptError} if the script is wrong, or a model, task or file of it; the message is the text that the command shows
 *
 * @example
 * ```ts
 * const { shown } = await runScript("let n = 3\nn + 1", { device: "cpu" });
 * console.log(shown); // ["4"]
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
      ...silent,
      table: (table) => void shown.push(table),
      text: (line) => void shown.push(line),
      note: (note) => options.onNote?.(note),
      progress: (progress) => options.onProgress?.(progress),
      signal: () => options.signal ?? silent.signal(),
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
