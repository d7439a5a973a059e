/** Completion of the `circ` command in shells. @module */

export type Shell = "bash" | "zsh" | "fish";

export const SHELLS: readonly Shell[] = ["bash", "zsh", "fish"];

/** A command as completion sees it. */
export interface ShellCommand {
  readonly name: string;
  readonly about: string;
  /** Long options with their dashes, `--device`, and their values where they are known. */
  readonly options: readonly {
    readonly name: string;
    readonly about: string;
    readonly values?: readonly string[];
  }[];
  /** Words that may follow: values of an argument. Without them, files. */
  readonly words?: readonly string[];
  /** Endings of the files that the command takes. */
  readonly files?: readonly string[];
}

/** A script that makes a shell complete `circ`'s commands, options and files. */
export function completionScript(shell: Shell, commands: readonly ShellCommand[]): string {
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      return zsh(commands);
    case "fish":
      return fish(commands);
  }
}

function bash(commands: readonly ShellCommand[]): string {
  const valued = commands.flatMap(({ options }) => options.filter(({ values }) => values));
  const values = [...new Map(valued.map((option) => [option.name, option])).values()]
    .map(({ name, values }) =>
      `    ${name}) COMPREPLY=($(compgen -W "${values!.join(" ")}" -- "$word")); return ;;`
    );
  const cases = commands.map(({ name, options, words }) =>
    `    ${name}) choices="${
      [...options.map((option) => option.name), ...words ?? []].join(" ")
    }" ;;`
  );
  return `# circ completions for bash: source <(circ completions bash)
_circ() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} choices=""
  case "$before" in
${values.join("\n")}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(" ")}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$choices" -- "$word"))
  if [[ "$word" != -* ]]; then COMPREPLY+=($(compgen -f -- "$word")); fi
}
complete -o filenames -F _circ circ
`;
}

function zsh(commands: readonly ShellCommand[]): string {
  const quoted = (text: string) => text.replace(/'/g, "'\\''").replace(/[[\]:]/g, "\\$&");
  const list = commands.map(({ name, about }) => `    '${name}:${quoted(about)}'`);
  const cases = commands.map(({ name, options, words, files }) => {
    const specs = options.map(({ name, about, values }) =>
      `'${name}[${quoted(about)}]${values ? `:value:(${values.join(" ")})` : ""}'`
    );
    const pattern = files?.length ? ` -g "*.(${files.join("|")})(-.)"` : "";
    const rest = words ? `'*:word:(${words.join(" ")})'` : `'*:file:_files${pattern}'`;
    return `    ${name}) _arguments ${[...specs, rest].join(" ")} ;;`;
  });
  return `#compdef circ
# circ completions for zsh: source <(circ completions zsh)
_circ() {
  local -a commands=(
${list.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join("\n")}
  esac
}
compdef _circ circ
`;
}

function fish(commands: readonly ShellCommand[]): string {
  const quoted = (text: string) => `'${text.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`;
  const lines = commands.flatMap(({ name, about, options, words, files }) => {
    const here = `-n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c circ -n __fish_use_subcommand -f -a ${name} -d ${quoted(about)}`,
      ...options.map((option) =>
        `complete -c circ ${here} -l ${option.name.replace(/^--/, "")} -d ${quoted(option.about)}` +
        (option.values ? ` -x -a ${quoted(option.values.join(" "))}` : "")
      ),
      ...(words ? [`complete -c circ ${here} -f -a ${quoted(words.join(" "))}`] : []),
      ...(files ?? []).map((ending) =>
        `complete -c circ ${here} -a '(__fish_complete_suffix .${ending})'`
      ),
    ];
  });
  return `# circ completions for fish: circ completions fish | source\n${lines.join("\n")}\n`;
}
