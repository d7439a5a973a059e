/** The command line: which commands there are, and how options are read. @module */
import { Command, ValidationError } from "@cliffy/command";
import { packageVersion } from "../base/version.ts";
import type { Streams } from "./main.ts";
import { UserError } from "../base/user_error.ts";

/** The commands; each is a function in a file of its name. */
const commands = [
  "run",
  "runs",
  "check",
  "plan",
  "fmt",
  "explain",
  "repl",
  "graph",
  "model",
  "task",
  "devices",
  "lsp",
  "completions",
] as const;

type CommandName = typeof commands[number];
type MakeCommand = (streams: Streams, all: () => ReturnType<typeof allCommands>) => Command;

/**
 * A command, loaded when it is called: checking a script needs no engine. The file's name is apart from `import`,
 * because Deno loads every module that a literal names.
 */
async function commandOf(name: CommandName, streams: Streams): Promise<Command> {
  const file = `./${name}.ts`;
  const module: Readonly<Record<`${CommandName}Command`, MakeCommand>> = await import(file);
  return module[`${name}Command`](streams, () => allCommands(streams));
}

const isCommand = (name: string | undefined): name is CommandName =>
  (commands as readonly (string | undefined)[]).includes(name);

/** All commands under their names. */
async function allCommands(streams: Streams) {
  const names = commands.filter((name) => name !== "completions");
  return (await commandWith(names, streams)).getCommands();
}

async function commandWith(names: readonly CommandName[], streams: Streams) {
  const command = new Command()
    .name("circ")
    .version(packageVersion)
    .description("Find and question circuits in transformers.")
    .throwErrors();
  for (const name of names) command.command(name, await commandOf(name, streams));
  return command;
}

/**
 * Runs the command that the arguments name.
 *
 * @throws {UserError} for arguments that no command takes
 */
export async function runCommandLine(args: string[], streams: Streams): Promise<void> {
  const [first] = args;
  const names = isCommand(first) ? [first] : commands;
  try {
    await (await commandWith(names, streams)).parse(args);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const help = `circ ${isCommand(first) ? `${first} ` : ""}--help shows what there is`;
    throw new UserError(error.message, help);
  }
}
