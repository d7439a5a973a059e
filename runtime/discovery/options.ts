/** Options of methods: one record each, of which defaults, ranges and the words of scripts are read. @module */
import { shownShare } from "../../base/number_text.ts";
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
  /** The value of a script's number, or of `on` and `off`, where the option holds another. */
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
export function inCircuit(word: CircuitWord, standard?: unknown): Option<unknown> {
  return { ...circuitFields[word], circuit: word, default: standard };
}

/** An option that a field of the schedule gives. */
export function inSchedule<Value>(word: ScheduleWord, standard: Value): Standard<Value>;
export function inSchedule(word: ScheduleWord): Option<never>;
export function inSchedule(word: ScheduleWord, standard?: unknown): Option<unknown> {
  return { ...scheduleFields[word], schedule: word, default: standard };
}

/** An option that a field of the circuit gives, or the same field of the schedule. */
export function inBoth<Value>(
  word: CircuitWord & ScheduleWord,
  standard: Value,
): Standard<Value> {
  return { ...inSchedule(word, standard), circuit: word };
}

/** Every option that has a default. */
export function defaultsOf<Options>(records: OptionRecords<Options>): Options {
  const all = Object.entries<Option<unknown>>(records).map(([name, record]) =>
    [name, record.default] as const
  );
  return Object.fromEntries(all.filter(([, standard]) => standard !== undefined)) as Options;
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
    const [must, wrong] = problemOf(record, value, edgeCount) ?? [];
    if (must === undefined) continue;
    // Scripts know an option by its field, and the library alone knows those without one.
    const word = record.circuit ?? record.schedule ?? name;
    throw new DiscoveryError(`\`${word}\` of \`${method}\` must ${must}: this is ${wrong}`);
  }
}

/** The range that a value is out of, after `must`, and the part that is out of it. */
function problemOf(
  record: Option<unknown>,
  value: unknown,
  edgeCount: number,
): Problem | undefined {
  if (value === undefined || value === null) return undefined;
  switch (record.kind) {
    case "whole":
    case "steps": {
      const least = record.kind === "whole" ? record.least : 0;
      return outside(
        value,
        `be a whole number from ${least}`,
        (n) => Number.isInteger(n) && n >= least,
      );
    }
    case "number": {
      const { least, above } = record;
      return above === undefined
        ? outside(value, `be a number from ${least}`, (n) => n >= least!)
        : outside(value, `be a number above ${above}`, (n) => n > above);
    }
    case "rates":
      return outside(value, "be a number above 0", (n) => n > 0);
    case "share":
      return outsideShare(value, record.inside);
    case "choice": {
      const words = Object.keys(record.choices);
      if (record.open || words.includes(value as string)) return undefined;
      return [`be one of ${words.join(", ")}`, value];
    }
    case "sparsity": {
      const { from, to, points = [] } = value as SparsitySchedule;
      const shares = [from, to, ...points.map(([, sparsity]) => sparsity)];
      return outsideShare(shares);
    }
    case "scores": {
      const { length } = value as Float32Array;
      return outside(
        length,
        `have one score for each of ${edgeCount} edges`,
        (n) => n === edgeCount,
      );
    }
    case "edges":
      return outside(
        value,
        `have edges of the model, which has ${edgeCount}`,
        (edge) => edge < edgeCount,
      );
  }
}

type Problem = readonly [must: string, wrong: unknown];

/** The range, and the first of one or several numbers that is out of it. */
function outside(
  value: unknown,
  must: string,
  holds: (value: number) => boolean,
): Problem | undefined {
  const all: Iterable<number> = typeof value === "number" ? [value] : value as Iterable<number>;
  for (const each of all) if (!holds(each)) return [must, each];
}

/** The same for shares; `inside`: neither 0 nor 1. */
function outsideShare(value: unknown, inside = false): Problem | undefined {
  const holds = (n: number) => inside ? n > 0 && n < 1 : n >= 0 && n <= 1;
  const found = outside(value, `lie ${inside ? "inside" : "between"} 0% and 100%`, holds);
  return found && [found[0], shownShare(found[1] as number)];
}
