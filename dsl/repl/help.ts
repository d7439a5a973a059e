/** Help at the prompt: on commands, on names of this session, and on the language's words. @module */
import { filled } from "../../base/filled.ts";
import { explain } from "../reference/mod.ts";
import { UserError } from "../../base/user_error.ts";
import type { DotCommand } from "./commands.ts";
import type { Repl } from "./repl.ts";

const lines = (text: string, width: number) => filled(text.split(" "), width);

/** Overview of commands and topics, in lines of at most `width` columns where the words allow it. */
export function overview(commands: readonly DotCommand[], width = Infinity): string {
  const rows = [
    ...commands.map(({ name, form, text }) => [`.${name} ${form}`.trim(), text] as const),
    ["NAME?", "The same as .help NAME."] as const,
    ["_", "The last result."] as const,
    ["resume", "Go on with the discovery that was stopped last."] as const,
  ];
  const widest = Math.max(...rows.map(([command]) => command.length));
  return [
    "Statements are those of scripts; an entry goes on while a brace is open.",
    ...rows.flatMap(([command, text]) =>
      lines(text, Math.max(24, width - widest - 4)).map((line, i) =>
        `  ${(i === 0 ? command : "").padEnd(widest)}  ${line}`
      )
    ),
    ...lines(
      "To begin: `.help model`, `.help circuit`, `.help edges`; Tab completes what is being typed.",
      width,
    ),
    ...lines(
      "Ctrl-C stops a discovery and keeps what it found; Ctrl-R searches what was typed before.",
      width,
    ),
  ].join("\n");
}

/**
 * Meaning of a word: a name of this session, a word of the language, a dot command with or without its dot.
 */
export function helpText(
  word: string,
  { symbols }: Repl,
  commands: readonly DotCommand[],
): string {
  const symbol = symbols.get(word);
  const { found, text } = explain(word);
  const command = commands.find(({ name }) => word === `.${name}` || word === name);
  if (symbol === undefined && command === undefined && !found) {
    const [said, ...help] = text.trimEnd().split("\n");
    throw new UserError(said, help.join("\n").replace(/^help: /, ""));
  }
  return [
    symbol && `${word}: a ${symbol.type}${symbol.doc ? `\n\n${symbol.doc}` : ""}`,
    found ? text.trimEnd() : undefined,
    command && `.${command.name}: a command\n\n  .${`${command.name} ${command.form}`.trim()}\n\n` +
      command.text,
  ].filter((part) => part !== undefined).join("\n\n");
}
