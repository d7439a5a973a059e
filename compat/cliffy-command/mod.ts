/**
 * The part of `@cliffy/command` that this repository uses, over the npm package `commander`, for
 * machines that reach npm only. Names and signatures are the published package's.
 *
 * @module
 */
import { Command as Parser, CommanderError, InvalidArgumentError, Option } from "commander";
import type { ArgumentsOf, BuiltInTypes, Merge, OptionOf, OptionOptions } from "./types.ts";

export type { OptionOptions } from "./types.ts";

/** Options of {@linkcode ValidationError}. */
export interface ValidationErrorOptions {
  exitCode?: number;
}

/** The command line was used wrongly. */
export class ValidationError extends Error {
  readonly exitCode: number;
  cmd?: AnyCommand;

  constructor(message: string, { exitCode }: ValidationErrorOptions = {}) {
    super(message);
    this.name = "ValidationError";
    this.exitCode = exitCode ?? 2;
  }
}

/** A value out of a list. */
export class EnumType<const V extends string> {
  readonly #allowed: readonly V[];

  constructor(values: readonly V[]) {
    this.#allowed = values;
  }

  /** All values. */
  values(): readonly V[] {
    return this.#allowed;
  }
}

// deno-lint-ignore no-explicit-any
type AnyCommand = Command<any, any, any>;
// deno-lint-ignore no-explicit-any
type AnyAction = (...args: any[]) => unknown;

/** Handles an error before it is thrown. */
export type ErrorHandler = (error: Error, cmd: AnyCommand) => unknown;

/** Result of `parse`. */
export interface CommandResult<O, A> {
  options: O;
  args: A;
  literal: string[];
  cmd: AnyCommand;
}

interface DeclaredOption {
  readonly flags: string;
  readonly description: string;
  readonly settings: OptionOptions;
}

/** Thrown through the parser once help or the version was printed. */
class Printed extends Error {}

/** A command with options, arguments and child commands. */
// deno-lint-ignore no-explicit-any
export class Command<O = void, A extends any[] = [], T = BuiltInTypes> {
  #name = "COMMAND";
  #version?: string;
  #description = "";
  #arguments = "";
  #action?: AnyAction;
  #throws = false;
  #hidden = false;
  #onError?: ErrorHandler;
  readonly #options: DeclaredOption[] = [];
  readonly #examples: { name: string; description: string }[] = [];
  readonly #types = new Map<string, EnumType<string>>();
  readonly #commands = new Map<string, AnyCommand>();

  /** Sets the command's name. */
  name(name: string): this {
    this.#name = name;
    return this;
  }

  /** Sets the version that `--version` prints. */
  version(version: string): this {
    this.#version = version;
    return this;
  }

  /** Sets the description; its first line is the short one. */
  description(description: string): this {
    this.#description = description;
    return this;
  }

  /** Leaves the command out of help texts. */
  hidden(): this {
    this.#hidden = true;
    return this;
  }

  /** Adds a value type for options and arguments. */
  type<N extends string, V extends string>(
    name: N,
    type: EnumType<V>,
  ): Command<O, A, T & { [K in N]: V }> {
    this.#types.set(name, type as unknown as EnumType<string>);
    return this as unknown as Command<O, A, T & { [K in N]: V }>;
  }

  /** Declares the arguments: `<required:string> [optional:string]`. */
  arguments<N extends string>(args: N): Command<O, ArgumentsOf<N, T>, T> {
    this.#arguments = args;
    return this as unknown as Command<O, ArgumentsOf<N, T>, T>;
  }

  /** Declares an option: `-s, --set <assignment:string>`. */
  option<F extends string, const S extends OptionOptions = Record<never, never>>(
    flags: F,
    description: string,
    options?: S,
  ): Command<Merge<O, OptionOf<F, S, T>>, A, T> {
    this.#options.push({ flags, description, settings: options ?? {} });
    return this as unknown as Command<Merge<O, OptionOf<F, S, T>>, A, T>;
  }

  /** Adds an example to the help text. */
  example(name: string, description: string): this {
    this.#examples.push({ name, description });
    return this;
  }

  /** Sets what the command does. */
  action(
    handler: (
      options: O extends void ? Record<string, never> : O,
      ...args: A
    ) => unknown,
  ): this {
    this.#action = handler as AnyAction;
    return this;
  }

  /** Adds a child command. */
  command<C extends AnyCommand>(name: string, command: C): this {
    command.#name = name;
    this.#commands.set(name, command);
    return this;
  }

  /** Lets errors reach the caller of `parse` instead of ending the process. */
  throwErrors(): this {
    this.#throws = true;
    return this;
  }

  /** Sets a handler that sees every error first. */
  error(handler: ErrorHandler): this {
    this.#onError = handler;
    return this;
  }

  /** The name. */
  getName(): string {
    return this.#name;
  }

  /** The description. */
  getDescription(): string {
    return this.#description;
  }

  /** The child commands that are not hidden, or all. */
  getCommands(hidden?: boolean): AnyCommand[] {
    return [...this.#commands.values()].filter((command) => hidden || !command.#hidden);
  }

  /** The options. */
  getOptions(): { name: string; flags: string[]; description: string; typeDefinition?: string }[] {
    return this.#options.filter(({ settings }) => !settings.hidden).map(
      ({ flags, description }) => {
        const [words, typeDefinition] = [flags.split(/[ ,]+/), /[<[].*[>\]]/.exec(flags)?.[0]];
        const names = words.filter((word) => word.startsWith("-"));
        const name = names.at(-1)!.replace(/^-+/, "");
        return { name, flags: names, description, ...(typeDefinition && { typeDefinition }) };
      },
    );
  }

  /** The help text. */
  getHelp(): string {
    return this.#build(undefined, () => {}).helpInformation() + this.#exampleText();
  }

  /** Prints the help text. */
  showHelp(): void {
    console.log(this.getHelp());
  }

  /** Parses the arguments and runs the command that they name. */
  async parse(args: string[] = Deno.args): Promise<CommandResult<O, A>> {
    const found: { result?: CommandResult<unknown, unknown[]> } = {};
    const parser = this.#build(undefined, (result) => found.result = result);
    try {
      await parser.parseAsync(args, { from: "user" });
    } catch (error) {
      const reason = toValidationError(error);
      if (reason instanceof Printed) Deno.exit(0);
      this.#fail(reason);
    }
    return (found.result ??
      { options: {}, args: [], literal: [], cmd: this }) as unknown as CommandResult<O, A>;
  }

  #fail(error: Error): never {
    this.#onError?.(error, this);
    if (this.#throws || !(error instanceof ValidationError)) throw error;
    this.showHelp();
    console.error(`  error: ${error.message}\n`);
    Deno.exit(error.exitCode);
  }

  #exampleText(): string {
    if (this.#examples.length === 0) return "";
    const lines = this.#examples.map(({ name, description }) => `  ${name}\n    ${description}`);
    return `\nExamples:\n${lines.join("\n")}\n`;
  }

  #build(
    parent: AnyCommand | undefined,
    report: (result: CommandResult<unknown, unknown[]>) => void,
  ): Parser {
    const parser = new Parser(this.#name)
      .description(this.#description)
      .helpOption("-h, --help", "Show this help.")
      .helpCommand(false)
      .configureOutput({ writeErr: () => {}, outputError: () => {} })
      .exitOverride((error) => {
        throw error;
      });
    if (parent === undefined && this.#version !== undefined) {
      parser.version(this.#version, "-V, --version", "Show the version number.");
    }
    parser.addHelpText("after", this.#exampleText());
    for (const option of this.#options) parser.addOption(this.#buildOption(option));
    for (const part of this.#arguments.split(" ").filter((part) => part !== "")) {
      const { shape, type } = splitType(part);
      parser.argument(shape, "", this.#reader(type));
    }
    // A command and those below it may have options of one name.
    parser.enablePositionalOptions();
    for (const command of this.#commands.values()) {
      parser.addCommand(command.#build(this, report), { hidden: command.#hidden });
    }
    if (this.#action !== undefined) {
      parser.action(async (...received: unknown[]) => {
        const args = received.slice(0, -2);
        while (args.length > 0 && args.at(-1) === undefined) args.pop();
        const options = parser.opts();
        await this.#action!(options, ...args);
        report({ options, args, literal: [], cmd: this });
      });
    } else {
      parser.action(() => {
        if (parser.args.length > 0) {
          throw new ValidationError(unknownCommand(parser.args[0], [...this.#commands.keys()]));
        }
        console.log(parser.helpInformation() + this.#exampleText());
      });
      parser.allowExcessArguments(true);
    }
    return parser;
  }

  #buildOption({ flags, description, settings }: DeclaredOption): Option {
    const { shape, type } = splitType(flags);
    const option = new Option(shape, description);
    const read = this.#reader(type);
    if (/[<[]/.test(shape)) {
      option.argParser((value: string, previous: unknown) =>
        settings.collect ? [...(Array.isArray(previous) ? previous : []), read(value)] : read(value)
      );
    }
    if (settings.default !== undefined) option.default(settings.default);
    if (settings.hidden) option.hideHelp();
    if (settings.required) option.makeOptionMandatory();
    const allowed = this.#types.get(type ?? "");
    if (allowed !== undefined) option.description += ` (${allowed.values().join(", ")})`;
    return option;
  }

  #reader(type: string | undefined): (value: string) => unknown {
    const allowed = type === undefined ? undefined : this.#types.get(type);
    if (allowed !== undefined) {
      return (value) => {
        if (allowed.values().includes(value)) return value;
        throw new InvalidArgumentError(
          `Expected values: ${allowed.values().map((v) => `"${v}"`).join(", ")}`,
        );
      };
    }
    if (type !== "number" && type !== "integer") return (value) => value;
    return (value) => {
      const number = value.trim() === "" ? NaN : Number(value);
      if (type === "integer" ? Number.isInteger(number) : !Number.isNaN(number)) return number;
      throw new InvalidArgumentError(`Must be of type "${type}".`);
    };
  }
}

/** `--set <assignment:string>` as the parser's `--set <assignment>` and the type `string`. */
function splitType(flags: string): { shape: string; type: string | undefined } {
  const type = /:([a-z-]+)[>\]]/.exec(flags)?.[1];
  return { shape: flags.replace(/:[a-z-]+(?=[>\]])/, ""), type };
}

function toValidationError(error: unknown): Error {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return new Printed();
    return new ValidationError(error.message.replace(/^error: /, ""));
  }
  return error instanceof Error ? error : new Error(`[non-error-thrown] ${error}`);
}

function unknownCommand(name: string, known: readonly string[]): string {
  return `Unknown command "${name}". Must be one of: ${known.join(", ")}`;
}
