/** The file that a statement stands in: its text, and the folder that paths are relative to. @module */
import { isAbsolute, join } from "node:path";
import { fileProblem } from "../../base/file_problem.ts";
import { readText } from "../../base/whole_file.ts";
import type { CheckedProgram } from "../check/check.ts";
import type { Piece } from "../check/program.ts";
import type { Span } from "../text/source.ts";
import { fail, type Place, ScriptError } from "./error.ts";

export interface SourceFile {
  /** The script's name as the user knows it, for diagnostics. */
  readonly file: string;
  readonly text: string;
  place(node: { readonly span: Span }): Place;
  /** A piece of the script as it was written. */
  written(node: { readonly span: Span }): string;
  path(text: string): string;
  /** The text of a file that the script names; a diagnostic there when it cannot be read. */
  readText(file: Piece): Promise<string>;
}

export function sourceFile({ source: { file, text }, folder }: CheckedProgram): SourceFile {
  const path = (text: string) => isAbsolute(text) ? text : join(folder, text);
  return {
    file,
    text,
    place: ({ span }) => ({ file, span }),
    written: ({ span }) => text.slice(span.start, span.end),
    path,
    readText: async ({ text, span }) => {
      try {
        return await readText(path(text));
      } catch (error) {
        fail({ file, span }, `cannot read ${JSON.stringify(text)}: ${fileProblem(error)}`);
      }
    },
  };
}

/** Writes a file that the script names; what the system refuses is said there. */
export async function writing(
  file: Piece,
  source: SourceFile,
  write: () => Promise<void>,
): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof ScriptError) throw error;
    fail(source.place(file), `cannot write ${JSON.stringify(file.text)}: ${fileProblem(error)}`);
  }
}
