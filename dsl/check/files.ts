/**
 * Checking scripts on disk: imports, files that a script reads and models' `config.json` are looked up
 * next to the script.
 *
 * @module
 */
import { dirname, isAbsolute, join, normalize } from "../../base/paths.ts";
import { utf8 } from "../../base/whole_file.ts";
import { parseConfig } from "../../runtime/models/config.ts";
import { describeModel } from "../../runtime/models/families/mod.ts";
import { shapeOf } from "../../runtime/models/shape.ts";
import { check, type CheckContext, type Checked } from "./check.ts";
import { type Diagnostic, hasErrors, sortDiagnostics } from "../text/diagnostics.ts";
import type { Source } from "../text/source.ts";
import { parse } from "../syntax/parse.ts";
import type { Program } from "../syntax/tree.ts";

/** A script that was parsed and checked. */
export interface CheckResult {
  /**
   * The syntax tree.
   *
   * @internal
   */
  readonly tree: Program;
  /**
   * The checked program and its names.
   *
   * @internal
   */
  readonly checked: Checked;
  /** Errors and warnings of the script and of its imports, sorted. */
  readonly diagnostics: readonly Diagnostic[];
  /** The script and its imports, for {@linkcode renderDiagnostics}. */
  readonly sources: readonly Source[];
  /** True if there are no errors; there may be warnings. */
  readonly ok: boolean;
}

/**
 * Parses and checks a script's text. Imports, and `config.json` of models, are read; weights are not.
 *
 * @param file name of the script, as the user knows it; relative paths in the script start from its folder
 * @param folder start of relative paths, for a text that comes from no file
 *
 * @example
 * ```ts
 * const { ok, diagnostics, sources } = checkText("let n = 3");
 * if (!ok) console.log(renderDiagnostics(diagnostics, sources));
 * ```
 */
export function checkText(text: string, file = "-", folder: string = dirname(file)): CheckResult {
  const sources: Source[] = [{ file, text }];
  const parsed = parse(text, file);
  const { checked, diagnostics } = check(parsed.tree, {
    ...fileContext(file, folder, sources),
    source: sources[0],
    folder,
  });
  const all = sortDiagnostics([...parsed.diagnostics, ...diagnostics]);
  return { tree: parsed.tree, checked, diagnostics: all, sources, ok: !hasErrors(all) };
}

/**
 * Reads, parses and checks a file.
 *
 * @throws {Deno.errors.NotFound} if there is no such file; other errors of `Deno.readFileSync` likewise
 * @throws {TypeError} if the file is not UTF-8
 */
export function checkFile(file: string): CheckResult {
  return checkText(readUtf8(file), file);
}

/**
 * Context of the checker, answered from the file system.
 *
 * @param sources receives the texts of imported files
 */
export function fileContext(file: string, folder: string, sources: Source[] = []): CheckContext {
  const resolve = (path: string, from: string) =>
    isAbsolute(path) ? path : normalize(join(from === file ? folder : dirname(from), path));
  /** Name of each file that was met, by the path that the system knows it by: a file reached on two ways is one. */
  const names = new Map<string, string>();
  const nameOf = (path: string): string => {
    const real = realPath(path);
    if (real === undefined) return path;
    if (!names.has(real)) names.set(real, path);
    return names.get(real)!;
  };
  nameOf(file);
  return {
    shapeOf: (path, from) => path.startsWith("hub:") ? undefined : readShape(resolve(path, from)),
    load: (path, from) => {
      const found = resolve(path, from);
      if (realPath(found) === undefined) return undefined;
      const source = { file: nameOf(found), text: readUtf8(found) };
      sources.push(source);
      return source;
    },
    exists: (path, from) => {
      try {
        Deno.statSync(resolve(path, from));
        return true;
      } catch (error) {
        return error instanceof Deno.errors.NotFound ? false : undefined;
      }
    },
  };
}

/**
 * The shape of the model in a folder, from its `config.json` alone; undefined when there is none.
 *
 * @throws {ModelError} for a `config.json` that describes no model that can be run
 */
function readShape(folder: string) {
  const path = join(folder, "config.json");
  let text: string;
  try {
    text = readUtf8(path);
  } catch {
    return undefined;
  }
  return shapeOf(describeModel(parseConfig(path, text)).architecture);
}

/** The path without links; undefined where there is nothing. */
function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined;
  }
}

function readUtf8(file: string): string {
  return utf8(Deno.readFileSync(file), { keepMark: true });
}
