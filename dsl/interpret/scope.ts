/**
 * What an expression can see: the names declared so far, and the folder that paths are relative to.
 *
 * @module
 */
import { isAbsolute, join } from "node:path";
import { fileProblem } from "../../base/file_problem.ts";
import type { Source } from "../text/source.ts";
import type { Span } from "../syntax/tree.ts";
import { fail, type Place } from "./error.ts";
import type { Value } from "./values.ts";

export interface Scope {
  /** The script's name as the user knows it, for diagnostics. */
  readonly file: string;
  readonly source: Source;
  /** Folder that relative paths in the script start from. */
  readonly folder: string;
  /** What is declared so far. */
  readonly names: ReadonlyMap<string, Value>;
  lookup(name: string): Value | undefined;
  place(node: { readonly span: Span }): Place;
  /** A piece of the script as it was written. */
  written(node: { readonly span: Span }): string;
  /** The path that a text in the script names. */
  path(text: string): string;
  /** A file's text; a diagnostic at `place` when it cannot be read. */
  readText(text: string, place: Place): Promise<string>;
}

/** The scope of a script's statements over a map of names. */
export function scopeOf(
  source: Source,
  folder: string,
  names: ReadonlyMap<string, Value>,
): Scope {
  const path = (text: string) => isAbsolute(text) ? text : join(folder, text);
  const { file, text: whole } = source;
  return {
    file,
    source,
    folder,
    names,
    lookup: (name) => names.get(name),
    place: ({ span }) => ({ file, span }),
    written: ({ span }) => whole.slice(span.start, span.end),
    path,
    readText: async (text, place) => {
      let bytes: Uint8Array;
      try {
        bytes = await Deno.readFile(path(text));
      } catch (error) {
        fail(place, `cannot read ${JSON.stringify(text)}: ${fileProblem(error)}`);
      }
      try {
        return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      } catch {
        fail(place, `cannot read ${JSON.stringify(text)}: its bytes are not UTF-8`);
      }
    },
  };
}
