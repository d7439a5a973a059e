/**
 * The command line: which commands there are, and how options are read.
 *
 * @module
 */
import { Command, ValidationError } from "@cliffy/command";
import { packageVersion } from "../base/version.ts";
import type * as Check from "./check.ts";
import type * as Completions from "./completions.ts";
import type * as Explain from "./explain.ts";
import type * as Fmt from "./fmt.ts";
import type * as Graph from "./graph.ts";
import type * as Lsp from "./lsp.ts";
import type * as Model from "./model.ts";
import type * as Plan from "./plan.ts";
import type * as Repl from "./repl.ts";
import type * as Run from "./run.ts";
import type * as Task from "./task.ts";
import type { Streams } from "./main.ts";
import { UserError } from "../base/user_error.ts";

/**
 * Commands by name. A command is loaded when it is called: checking a script needs no engine. The names are apart
 * from `import`, because Deno loads every module that a literal names.
 */
const commands = {
  run: async (streams: Streams) => (await load<typeof Run>("./run.ts")).runCommand(streams),
  check: async (streams: Streams) => (await load<typeof Check>("./check.ts")).checkCommand(streams),
  plan: async (streams: Streams) => (await load<typeof Plan>("./plan.ts")).planCommand(streams),
  fmt: async (streams: Streams) => (await load<typeof Fmt>("./fmt.ts")).fmtCommand(streams),
  explain: async (streams: Streams) =>
    (await load<typeof Explain>("./explain.ts")).explainCommand(streams),
  repl: async (streams: Streams) => (await load<typeof Repl>("./repl.ts")).replCommand(streams),
  graph: async (streams: Streams) => (await load<typeof Graph>("./graph.ts")).graphCommand(streams),
  model: async (streams: Streams) => (await load<typeof Model>("./model.ts")).modelCommand(streams),
  task: async (streams: Streams) => (await load<typeof Task>("./task.ts")).taskCommand(streams),
  lsp: async () => (await load<typeof Lsp>("./lsp.ts")).lspCommand(),
  completions: async (streams: Streams) =>
    (await load<typeof Completions>("./completions.ts"))
      .completionsCommand(streams, () => allCommands(streams)),
} as const;

const load = <M>(file: string): Promise<M> => import(file);

type CommandName = keyof typeof commands;

const isCommand = (name: string | undefined): name is CommandName =>
  name !== undefined && Object.hasOwn(commands, name);

/** All commands under their names. */
async function allCommands(streams: Streams) {
  const names = (Object.keys(commands) as CommandName[]).filter((name) => name !== "completions");
  return (await commandWith(names, streams)).getCommands();
}

async function commandWith(names: readonly CommandName[], streams: Streams) {
  const command = new Command()
    .name("circ")
    .version(packageVersion)
    .description("Find and question circuits in transformers.")
    .throwErrors();
  for (const name of names) command.command(name, await commands[name](streams));
  return command;
}

/**
 * Runs the command that the arguments name.
 *
 * @throws {UserError} for arguments that no command takes
 */
export async function runCommandLine(args: string[], streams: Streams): Promise<void> {
  const [first] = args;
  const names = isCommand(first) ? [first] : Object.keys(commands) as CommandName[];
  try {
    await (await commandWith(names, streams)).parse(args);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const help = `circ ${isCommand(first) ? `${first} ` : ""}--help shows what there is`;
    throw new UserError(error.message, help);
  }
}
