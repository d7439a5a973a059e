/** The command: what the arguments ask for, and how it ends. @module */
import { report, type Status } from "./status.ts";
import { type Terminal, terminalOf } from "./terminal.ts";

/** Outputs of a command, and the way to end with another status than 0. */
export interface Streams {
  readonly out: Terminal;
  readonly err: Terminal;
  end(status: Status): void;
}

/** Runs the command that the arguments name; resolves to its exit status. */
export async function main(args: string[]): Promise<Status> {
  let status: Status = 0;
  const streams: Streams = {
    out: terminalOf("stdout"),
    err: terminalOf("stderr"),
    end: (ended) => status = ended,
  };
  try {
    await run(args, streams);
    return status;
  } catch (error) {
    return report(error, streams.err);
  }
}

/** Editors and hooks check files again and again: a plain `check FILE` does without the library that reads options. */
async function run(args: string[], streams: Streams): Promise<void> {
  const [command, file] = args;
  const plain = args.length === 2 && command === "check" && (file === "-" || !file.startsWith("-"));
  const { checkScript } = plain ? await import("./check_script.ts") : { checkScript: undefined };
  if (checkScript) return await checkScript(file, "text", streams);
  const commands = "./commands.ts";
  const { runCommandLine }: typeof import("./commands.ts") = await import(commands);
  await runCommandLine(args, streams);
}
