/**
 * Options of methods: one record each, of which defaults, ranges and the words of scripts are read.
 *
 * @module
 */
import { DiscoveryError } from "./error.ts";
import {
  circuitFields,
  type CircuitWord,
  scheduleFields,
  type ScheduleWord,
  type Values,
} from "./fields.ts";
import type { SparsitySchedule } from "./training/sparsity.ts";

/** An option: its values, what it means, the field of a script that gives it, and its value when nothing is said. */
export type Option<Value> = Values & {
  readonly about: string;
  /** The circuit's field that gives it, and the field of the circuit's schedule; the library alone has it without these. */
  readonly circuit?: CircuitWord;
  readonly schedule?: ScheduleWord;
  readonly default?: Value;
  /** The value that a script's number or `on` and `off` stand for, where it is another. */
  readonly read?: (written: number | boolean) => Value;
};

/** An option that has a default. */
export type Standard<Value> = Option<Value> & { readonly default: Value };

/** A record for every option: with a default where a method cannot do without the option. */
export type OptionRecords<Options> = {
  readonly [Name in keyof Options]-?: Record<never, never> extends Pick<Options, Name>
    ? Option<NonNullable<Options[Name]> | Extract<Options[Name], null>>
    : Standard<Options[Name]>;
};

/** An option that a field of the circuit gives. */
export function inCircuit<Value>(word: CircuitWord, standard: Value): Standard<Value>;
export function inCircuit(word: CircuitWord): Option<never>;
export function inCircuit(word: CircuitWord, ...standard: unknown[]): Option<unknown> {
  return { ...circuitFields[word], circuit: word, ...withDefault(standard) };
}

/** An option that a field of the schedule gives. */
export function inSchedule<Value>(word: ScheduleWord, standard: Value): Standard<Value>;
export function inSchedule(word: ScheduleWord): Option<never>;
export function inSchedule(word: ScheduleWord, ...standard: unknown[]): Option<unknown> {
  return { ...scheduleFields[word], schedule: word, ...withDefault(standard) };
}

/** An option that a field of the circuit gives, or the same field of the schedule. */
export function inBoth<Value>(
  word: CircuitWord & ScheduleWord,
  standard: Value,
): Standard<Value> {
  return { ...inSchedule(word, standard), circuit: word };
}

const withDefault = ([standard]: readonly unknown[]) =>
  standard === undefined ? {} : { default: standard };

/** Every option that has a default. */
export function defaultsOf<Options>(records: OptionRecords<Options>): Options {
  const all = Object.entries<Option<unknown>>(records);
  return Object.fromEntries(
    all.filter(([, { default: standard }]) => standard !== undefined)
      .map(([name, { default: standard }]) => [name, standard]),
  ) as Options;
}

/**
 * Makes sure that every option is within the range of its record.
 *
 * @throws {DiscoveryError} if one is not
 */
export function requireOptions<Options extends object>(
  method: string,
  records: OptionRecords<Options>,
  options: Partial<Options>,
  edgeCount: number,
): void {
  for (const [name, value] of Object.entries(options)) {
    const record = (records as Readonly<Record<string, Option<unknown>>>)[name];
    if (record === undefined) continue;
    const [words, wrong] = problemOf(record, value, edgeCount) ?? [];
    if (words === undefined) continue;
    throw new DiscoveryError(
      `Cannot find a circuit by ${method} as ${name} must be ${words}: current value is ${wrong}`,
    );
  }
}

/** The range that a value is out of, in words, and the part that is out of it. */
function problemOf(
  record: Option<unknown>,
  value: unknown,
  edgeCount: number,
): readonly [words: string, wrong: unknown] | undefined {
  if (value === undefined || value === null) return undefined;
  switch (record.kind) {
    case "whole":
    case "steps": {
      const least = record.kind === "whole" ? record.least : 0;
      return outside(
        value,
        `a whole number from ${least}`,
        (n) => Number.isInteger(n) && n >= least,
      );
    }
    case "number": {
      const { least, above } = record;
      return above === undefined
        ? outside(value, `from ${least}`, (n) => n >= least!)
        : outside(value, `above ${above}`, (n) => n > above);
    }
    case "rates":
      return outside(value, "above 0", (n) => n > 0);
    case "share":
      return record.inside
        ? outside(value, "between 0 and 1", (n) => n > 0 && n < 1)
        : outside(value, "from 0 to 1", (n) => n >= 0 && n <= 1);
    case "choice": {
      const words = Object.keys(record.choices);
      if (record.open || words.includes(value as string)) return undefined;
      return [`one of ${words.join(", ")}`, value];
    }
    case "sparsity": {
      const { from, to, points = [] } = value as SparsitySchedule;
      const shares = [from, to, ...points.map(([, sparsity]) => sparsity)];
      return outside(shares, "from 0 to 1", (n) => n >= 0 && n <= 1);
    }
    case "scores": {
      const { length } = value as Float32Array;
      return outside(length, `one score for each of ${edgeCount} edges`, (n) => n === edgeCount);
    }
    case "edges":
      return outside(
        value,
        `edges of the universe, which has ${edgeCount}`,
        (edge) => edge < edgeCount,
      );
  }
}

/** Words and the first of one or several numbers that does not hold. */
function outside(
  value: unknown,
  words: string,
  holds: (value: number) => boolean,
): readonly [words: string, wrong: unknown] | undefined {
  const all: Iterable<number> = typeof value === "number" ? [value] : value as Iterable<number>;
  for (const each of all) if (!holds(each)) return [words, each];
}
