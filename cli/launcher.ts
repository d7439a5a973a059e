/** Text of the installed command: a script for the shell that runs a checkout's `cli.ts`. @module */

/** A checkout and the Deno that runs it. */
export interface Installation {
  /** Folder of the checkout. */
  readonly root: string;
  /** The Deno that installed the command. */
  readonly deno: string;
  /** Version of that Deno; npm's package `deno` is used in this version when the file is gone. */
  readonly version: string;
}

/** Sentence by which an installed command is known again. */
export const launcherMark = "Written by `deno task install`; to uninstall, remove this file.";

const quotedForSh = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
const quotedForCmd = (text: string) => `"${text.replaceAll("%", "%%")}"`;

/** The command for a POSIX shell. */
export function shellLauncher({ root, deno, version }: Installation): string {
  const [file, config, script] = [deno, `${root}/deno.json`, `${root}/cli.ts`].map(quotedForSh);
  return `#!/bin/sh
# ${launcherMark}
# Without this Deno asks once a day whether there is a newer one.
export DENO_NO_UPDATE_CHECK=1
set -- run -A --quiet --config ${config} ${script} "$@"
[ -x ${file} ] && exec ${file} "$@"
exec npx --yes deno@${version} "$@"
`;
}

/** The command for Windows, a batch file. */
export function batchLauncher({ root, deno, version }: Installation): string {
  const [file, config, script] = [deno, `${root}\\deno.json`, `${root}\\cli.ts`].map(quotedForCmd);
  const run = `run -A --quiet --config ${config} ${script} %*`;
  return [
    "@echo off",
    `rem ${launcherMark}`,
    "setlocal",
    "set DENO_NO_UPDATE_CHECK=1",
    `if not exist ${file} goto npx`,
    `${file} ${run}`,
    "exit /b %errorlevel%",
    ":npx",
    `call npx --yes deno@${version} ${run}`,
    "exit /b %errorlevel%",
    "",
  ].join("\r\n");
}
