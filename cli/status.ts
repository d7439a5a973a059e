/** End of a command: exit status and message, the same for every command. @module */
import { printable } from "../base/printable.ts";
import { UserError } from "../base/user_error.ts";
import { renderDiagnostics } from "../dsl/text/diagnostics.ts";
import type { Source } from "../dsl/text/source.ts";
import type { ScriptError } from "../dsl/interpret/error.ts";
import { styled, type Terminal } from "./terminal.ts";

/** 0: done. 1: the run failed or an `expect` was false. 2: the text or the command line is wrong. 130: stopped by Ctrl-C. */
export type Status = 0 | 1 | 2 | 130;

const isScriptError = (error: unknown): error is ScriptError =>
  error instanceof Error && error.name === "ScriptError";

/** Tells what went wrong on standard error, and the status that it means. */
export function report(
  error: unknown,
  terminal: Terminal,
  sources: readonly Source[] = [],
): Status {
  if (isScriptError(error)) {
    terminal.write(renderDiagnostics([error.diagnostic], sources));
    return 2;
  }
  const say = (message: string) =>
    terminal.write(`${styled(terminal, "red", "circ")}: ${printable(message)}\n`);
  if (!(error instanceof Error)) {
    say(String(error));
    return 1;
  }
  if (error instanceof UserError) {
    say(error.message + (error.help === "" ? "" : `\n  help: ${error.help}`));
    return 2;
  }
  if (error.name === "StoppedError") {
    say(error.message);
    return 130;
  }
  say(`the run failed: ${error.message}`);
  if (Deno.env.get("CIRC_TRACE")) terminal.write(`${printable(error.stack ?? "")}\n`);
  else terminal.write("  help: set CIRC_TRACE=1 to see where in the program\n");
  return 1;
}
