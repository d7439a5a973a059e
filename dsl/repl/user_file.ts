/**
 * Paths of the prompt's own files: by a variable of their own, in the platform's directory, or below the home.
 *
 * @module
 */
import { join } from "node:path";

/** Reads a variable of the environment. */
type Variable = (name: string) => string | undefined;

const environment: Variable = (name) => Deno.env.get(name);

/** Path of the history: in the platform's directory for state; undefined where there is none. */
export function historyPath(variable = environment): string | undefined {
  const directories = ["XDG_STATE_HOME", "LOCALAPPDATA"].map(variable);
  return pathOf("history", variable("CIRC_HISTORY"), directories, ".local/state", variable("HOME"));
}

/** Path of the entries that every prompt begins with: in the platform's directory for configuration. */
export function initPath(variable = environment): string | undefined {
  const directories = ["XDG_CONFIG_HOME", "APPDATA"].map(variable);
  return pathOf("init.circ", variable("CIRC_INIT"), directories, ".config", variable("HOME"));
}

/** The first of the places that is known; `own` is the whole path, and empty where no file is wanted. */
function pathOf(
  name: string,
  own: string | undefined,
  directories: readonly (string | undefined)[],
  belowHome: string,
  home: string | undefined,
): string | undefined {
  if (own !== undefined) return own === "" ? undefined : own;
  const directory = directories.find(Boolean) ?? (home && join(home, belowHome));
  return directory ? join(directory, "circ", name) : undefined;
}
