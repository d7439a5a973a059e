/** Reads and checks the script that the command line names, and shows its diagnostics. @module */
import { basename, dirname, resolve } from "../base/paths.ts";
import { renderDiagnostics } from "../dsl/text/diagnostics.ts";
import { checkText } from "../dsl/check/files.ts";
import { withSettings } from "../dsl/interpret/settings.ts";
import type { Source } from "../dsl/text/source.ts";
import type { Checked } from "../dsl/check/check.ts";
import { fileProblem } from "../base/file_problem.ts";
import { UserError } from "../base/user_error.ts";
import { utf8 } from "../base/whole_file.ts";
import type { Terminal } from "./terminal.ts";

/** A script and the folder that its relative paths start from. */
export interface Script {
  readonly source: Source;
  readonly folder: string;
}

/** A script without errors. */
export interface CheckedScript extends Script {
  readonly checked: Checked;
  /** The script and what it imports. */
  readonly sources: readonly Source[];
}

/** Name of the folder of a script's results. */
export function runName(file: string): string {
  return file === "-" ? "stdin" : basename(file).replace(/\.circ$/, "");
}

/** The script in a file, or on standard input for `-`. */
export async function readScript(file: string): Promise<Script> {
  if (file === "-") {
    const bytes = new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer());
    return { source: { file: "-", text: decode(bytes, "standard input") }, folder: Deno.cwd() };
  }
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(file);
  } catch (error) {
    throw new UserError(`cannot read ${JSON.stringify(file)}: ${fileProblem(error)}`);
  }
  return {
    source: { file, text: decode(bytes, JSON.stringify(file)) },
    folder: dirname(resolve(file)),
  };
}

/** A script without errors; null after its diagnostics were shown. */
export async function readChecked(
  file: string,
  settings: readonly string[],
  err: Terminal,
): Promise<CheckedScript | null> {
  const script = await readScript(file);
  const source = { ...script.source, text: withSettings(script.source.text, settings) };
  const { checked, diagnostics, sources, ok } = checkText(source.text, source.file);
  if (diagnostics.length > 0) err.write(renderDiagnostics(diagnostics, sources));
  return ok ? { ...script, source, checked, sources } : null;
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return utf8(bytes);
  } catch (error) {
    throw new UserError(`cannot read ${name}: ${fileProblem(error)}`);
  }
}
