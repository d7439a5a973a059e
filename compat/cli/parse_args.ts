/** Descriptions of the arguments for `parseArgs`. */
export interface ParseOptions<B extends string, S extends string, C extends string> {
  /** Flags that take no value; false when they are not given. */
  boolean?: readonly B[];
  /** Flags whose value stays text. */
  string?: readonly S[];
  /** Flags that may be given several times; their value is a list. */
  collect?: readonly C[];
  /** Values of flags that are not given. */
  default?: Readonly<Record<string, unknown>>;
  /** Other names of a flag. */
  alias?: Readonly<Record<string, string | readonly string[]>>;
}

type Collected<K extends string, C extends string, V> = K extends C ? V[] : V | undefined;

/** Flags by name, and in `_` what is not a flag. */
export type Args<B extends string, S extends string, C extends string> =
  & { [K in B]: boolean }
  & { [K in S]: Collected<K, C, string> }
  & { _: (string | number)[] }
  // deno-lint-ignore no-explicit-any
  & { [name: string]: any };

/**
 * Reads `--flag`, `--name value`, `--name=value` and `-n value`. A value that looks like a number
 * becomes one unless its flag is listed under `string`. After `--` nothing is a flag.
 */
export function parseArgs<
  const B extends string = never,
  const S extends string = never,
  const C extends string = never,
>(args: readonly string[], options: ParseOptions<B, S, C> = {}): Args<B, S, C> {
  const booleans = new Set<string>(options.boolean);
  const strings = new Set<string>(options.string);
  const collected = new Set<string>(options.collect);
  const fullName = new Map(
    Object.entries(options.alias ?? {}).flatMap(([name, others]) =>
      [others].flat().map((other) => [other as string, name])
    ),
  );
  const result: Record<string, unknown> & { _: (string | number)[] } = { _: [] };
  for (const name of booleans) result[name] = false;
  for (const name of collected) result[name] = [];
  const given = new Set<string>();

  const value = (name: string, text: string) => strings.has(name) ? text : numberOrText(text);
  const set = (name: string, content: unknown) => {
    if (collected.has(name)) (result[name] as unknown[]).push(content);
    else result[name] = content;
    given.add(name);
  };

  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === "--") {
      result._.push(...args.slice(i + 1));
      break;
    }
    const match = /^--?([^=]+)(?:=(.*))?$/s.exec(arg);
    if (match === null || arg === "-" || /^-\d/.test(arg)) {
      result._.push(strings.has("_") ? arg : numberOrText(arg));
      continue;
    }
    const name = fullName.get(match[1]) ?? match[1];
    const next = args[i + 1];
    if (match[2] !== undefined) {
      set(name, booleans.has(name) ? match[2] !== "false" : value(name, match[2]));
    } else if (!booleans.has(name) && next !== undefined && !/^-(?!\d)/.test(next)) {
      set(name, value(name, next));
      i++;
    } else set(name, strings.has(name) ? "" : true);
  }
  for (const [name, content] of Object.entries(options.default ?? {})) {
    if (!given.has(name)) result[name] = content;
  }
  return result as Args<B, S, C>;
}

function numberOrText(text: string): string | number {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
