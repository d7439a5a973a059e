/**
 * Paths of the prompt's own files: by a variable of their own, in the platform's directory, or below the home.
 *
 * @module
 */
import { join } from "node:path";

/** Reads a variable of the environment. */
export type Variable = (name: string) => string | undefined;

export interface UserFile {
  readonly name: string;
  /** The variable that holds the file's path; empty, there is no such file. */
  readonly own: string;
  /** Variables that hold a directory for files of this kind. */
  readonly directories: readonly string[];
  /** The directory below the home where none of them is set. */
  readonly belowHome: string;
}

/** The path of a file, whether it is there or not; undefined where there is no place for it. */
export function userFilePath(
  { name, own, directories, belowHome }: UserFile,
  variable: Variable = (name) => Deno.env.get(name),
): string | undefined {
  const path = variable(own);
  if (path !== undefined) return path === "" ? undefined : path;
  const directory = directories.map(variable).find(Boolean);
  if (directory) return join(directory, "circ", name);
  const home = variable("HOME");
  return home ? join(home, belowHome, "circ", name) : undefined;
}
