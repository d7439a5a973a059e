/** `circ completions bash|zsh|fish` @module */
import { Command } from "@cliffy/command";
import { completionScript, type Shell, type ShellCommand, SHELLS } from "../dsl/editor/shells.ts";
import { ENTRIES } from "../dsl/reference/mod.ts";
import { circuitForms, tableForms } from "../runtime/circuits/mod.ts";
import { deviceChoices } from "../runtime/engine/mod.ts";
import { SPLITS } from "../runtime/tasks/mod.ts";
import type { Streams } from "./main.ts";
import { UserError } from "../base/user_error.ts";

/** A command, as the completion script describes it. */
interface Described {
  getName(): string;
  getDescription(): string;
  getOptions(): { name: string; description: string; typeDefinition?: string }[];
}

export function completionsCommand(
  { out }: Streams,
  commands: () => Promise<readonly Described[]>,
) {
  return new Command()
    .description("Print a script that makes a shell complete this command: bash, zsh or fish.")
    .arguments("<shell:string>")
    .example("source <(circ completions bash)", "Complete in this shell.")
    .action(async (_options, name) => {
      const shell: Shell | undefined = SHELLS.find((each) => each === name);
      if (shell === undefined) {
        throw new UserError(`\`${name}\` is no shell that is known: choose ${SHELLS.join(", ")}`);
      }
      out.write(completionScript(shell, (await commands()).map(describe)));
    });
}

/** Values of option types, by the type's name. */
const values: Readonly<Record<string, readonly string[]>> = {
  device: deviceChoices,
  form: tableForms.map(({ name }) => name),
  split: SPLITS,
};

/** Last parts of the names of circuit files that can be read. */
const readable = circuitForms.filter(({ read }) => read).flatMap(({ endings }) =>
  endings.map((ending) => ending.slice(ending.lastIndexOf(".") + 1))
);

/** Files that commands take, and words where an argument is no file. */
const takes: Readonly<Record<string, Pick<ShellCommand, "words" | "files">>> = {
  explain: { words: [...new Set(ENTRIES.map(({ word }) => word))] },
  completions: { words: SHELLS },
  graph: { files: [...new Set(readable)] },
  model: { words: ["show", "save"] },
  task: { words: ["show"] },
  devices: { words: [] },
  lsp: { words: [] },
};

function describe(command: Described): ShellCommand {
  const name = command.getName();
  return {
    name,
    about: command.getDescription(),
    options: command.getOptions().map(({ name, description, typeDefinition }) => {
      const known = values[/:([a-z]+)/.exec(typeDefinition ?? "")?.[1] ?? ""];
      return { name: `--${name}`, about: description, ...(known && { values: known }) };
    }),
    ...(takes[name] ?? { files: ["circ"] }),
  };
}
