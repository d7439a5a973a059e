/** Searches that wait until something asks for their circuits. @module */
import type { CheckedStatement } from "../check/program.ts";
import type { Context } from "./context.ts";
import type { Env } from "./env.ts";
import type { Host } from "./host.ts";

const COMMANDS: ReadonlySet<CheckedStatement["kind"]> = new Set([
  "save",
  "expect",
  "show",
  "sweep",
  "plot",
]);

/**
 * Declarations of a program, or of a sweep, that wait: searches, whose circuits its commands ask for. Where there are no
 * commands, the circuits are what is wanted.
 */
export function deferredIn(
  { statements }: { readonly statements: readonly CheckedStatement[] },
): Context["defers"] {
  return statements.some(({ kind }) => COMMANDS.has(kind)) ? "searches" : "nothing";
}

/** Tells which circuits of the file were not found, because nothing asked for them. */
export function tellUnasked(
  { env, host }: { readonly env: Env; readonly host: Host },
  of: string,
): void {
  for (const { name, file } of env.unasked()) {
    if (file === of) host.note(`note: \`${name}\` is not found, as nothing asks for it`);
  }
}
