/**
 * Patterns over component names. A pattern has the parts of a name, separated by dots, in which `*` matches any
 * characters, and it may have fewer parts: `a3` and `a3.*` are layer 3's heads with their inputs, `a*.h2.q` the q
 * inputs of every head 2, `m*` the MLPs, `a3.h1` the head's output and its inputs.
 *
 * Where query heads share key/value heads, `a3.kv0.*` matches the inputs of key/value head 0, and so does every pattern
 * that matches the k or v input of one of its query heads: `a3.h1`, `a3.h1.k`, `a*.h*.k`.
 *
 * @module
 */
import { Memo } from "../../base/memo.ts";
import { CircuitError } from "./errors.ts";
import { flowOf } from "./flow.ts";
import { headsOf, isShared, unknownComponent } from "./names.ts";
import type { Reader, Universe } from "./universe.ts";

/** A pattern resolved against a universe. */
export interface Pattern {
  readonly text: string;
  /** Number of dotted parts of the pattern; 3 parts name inputs of heads only. */
  readonly parts: number;
  /** One byte per writer, 1 where it matches. */
  readonly writers: Uint8Array;
  /** One byte per reader, 1 where it matches. */
  readonly readers: Uint8Array;
}

const cache = new Memo<Pattern>();

/** True if a text has the form of a pattern (it may still match nothing). */
export function isPattern(text: string): boolean {
  return /^[a-z*][a-z0-9*]*(\.[a-z0-9*]+){0,2}$/.test(text);
}

/**
 * Resolves a pattern.
 *
 * @throws {CircuitError} if the text has not the form of a pattern, or matches nothing; the message names the components that
 *   exist: "`a12.h3`: the model has layers 0..3"
 */
export function parsePattern(universe: Universe, text: string): Pattern {
  return cache.get([universe, text], () => resolve(universe, text));
}

function resolve(universe: Universe, text: string): Pattern {
  if (!isPattern(text)) {
    throw new CircuitError(
      `\`${text}\` is not a component or a pattern`,
      "patterns look like `a3.*`, `a*.h2.q`, `m*`, `tok`",
    );
  }
  const parts = text.split(".");
  const tests = parts.map(partTest);
  const matches = (name: string) => {
    const names = name.split(".");
    return tests.length <= names.length && tests.every((test, i) => test.test(names[i]));
  };
  const writers = Uint8Array.from(universe.writers, ({ name }) => matches(name) ? 1 : 0);
  const readers = Uint8Array.from(
    universe.readers,
    (reader) => matches(reader.name) || queryNames(universe, reader).some(matches) ? 1 : 0,
  );
  if (!writers.includes(1) && !readers.includes(1)) throw unknownComponent(universe, text);
  return { text, parts: parts.length, writers, readers };
}

/** Test of one part of a name. */
const partTest = (part: string) => new RegExp(`^${part.replaceAll("*", ".*")}$`);

/** Names that the input of a shared key/value head has by its query heads: `a3.h0.k`, `a3.h1.k`. */
function queryNames(universe: Universe, reader: Reader): string[] {
  if (!isShared(universe, reader)) return [];
  const { first, last } = headsOf(universe, reader);
  return Array.from(
    { length: last - first + 1 },
    (_, i) => `a${reader.layer}.h${first + i}.${reader.kind}`,
  );
}

/**
 * One byte per writer, 1 where the pattern matches.
 *
 * @throws {CircuitError} if the pattern matches inputs only (`logits`, `a3.h1.q`)
 */
export function matchWriters(universe: Universe, text: string): Uint8Array {
  const { writers } = parsePattern(universe, text);
  if (writers.includes(1)) return writers;
  const head = text.replace(/\.[^.]*$/, "");
  throw new CircuitError(
    `\`${text}\` reads the residual stream and does not write to it`,
    text.split(".").length === 3 ? `edges come from outputs: \`${head}\`` : "edges end there",
  );
}

/**
 * One byte per reader, 1 where the pattern matches.
 *
 * @throws {CircuitError} if the pattern matches writers only (`tok`)
 */
export function matchReaders(universe: Universe, text: string): Uint8Array {
  const { readers } = parsePattern(universe, text);
  if (readers.includes(1)) return readers;
  throw new CircuitError(
    `\`${text}\` writes to the residual stream and does not read it`,
    "edges start there",
  );
}

/**
 * Writers and readers to remove with the components that match: their writers, and the readers that feed nothing
 * else. Removing head 1 leaves the k and v inputs of its group as long as another head of the group stays. A
 * pattern of three parts (`a3.h1.q`) takes out exactly the inputs that it names.
 *
 * @throws {CircuitError} for a pattern of three parts that names a shared input by some of its query heads only
 */
export function removalOf(
  universe: Universe,
  patterns: readonly string[],
): { writers: Uint8Array; readers: Uint8Array } {
  const writers = new Uint8Array(universe.writers.length);
  const readers = new Uint8Array(universe.readers.length);
  for (const text of patterns) {
    const pattern = parsePattern(universe, text);
    if (pattern.parts < 3) pattern.writers.forEach((hit, w) => writers[w] |= hit);
    universe.readers.forEach((reader, r) => {
      if (pattern.parts < 3 && reader.kind !== "logits") return;
      if (pattern.readers[r]) requireWhole(universe, reader, text);
      readers[r] |= pattern.readers[r];
    });
  }
  const flow = flowOf(universe);
  universe.readers.forEach((reader, r) => {
    if (reader.kind === "logits") return;
    let all = 1;
    for (let w = flow.first[r]; w < flow.end[r]; w++) all &= writers[w];
    readers[r] |= all;
  });
  return { writers, readers };
}

/** Refuses to take out a shared input for some of the query heads that it belongs to. */
function requireWhole(universe: Universe, reader: Reader, text: string): void {
  const names = queryNames(universe, reader);
  const [, head] = text.split(".");
  const named = partTest(head);
  if (
    named.test(reader.name.split(".")[1]) || names.every((name) => named.test(name.split(".")[1]))
  ) {
    return;
  }
  const { first, last } = headsOf(universe, reader);
  throw new CircuitError(
    `\`${text}\` is shared by heads ${first} to ${last} and cannot be taken out for one of them`,
    `\`${reader.name}\` takes it out for all of them`,
  );
}
