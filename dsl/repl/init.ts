/**
 * The init file: entries that every prompt begins with.
 *
 * @module
 */
import { userFilePath, type Variable } from "./user_file.ts";

/** Path of the file: in the platform's directory for configuration; undefined where there is none. */
export function initPath(variable?: Variable): string | undefined {
  const directories = ["XDG_CONFIG_HOME", "APPDATA"];
  const file = { name: "init.circ", own: "CIRC_INIT", directories, belowHome: ".config" };
  return userFilePath(file, variable);
}
