/**
 * Names of components: `tok`, `pos`, `embed`, `a5.h3` (a head), `a5.h3.q` (one of its inputs), `m5`, `logits`;
 * and edges, `a5.h3 -> a8.h6.v`. Where query heads share key/value heads, `a5.kv1.k` is an input of key/value head 1.
 * A name that a universe lacks is an error that says what exists.
 *
 * @module
 */
import { Memo } from "../../base/memo.ts";
import { nearest } from "../../base/nearest.ts";
import { CircuitError } from "./errors.ts";
import { edgeNumber, type Reader, type Universe } from "./universe.ts";

/** Numbers of writers and readers by name. */
interface Names {
  readonly writers: ReadonlyMap<string, number>;
  readonly readers: ReadonlyMap<string, number>;
}

const indexes = new Memo<Names>();

/** Names to numbers, for both sides of a universe; made once per universe record. */
export function namesOf(universe: Universe): Names {
  return indexes.get([universe], () => ({
    writers: new Map(universe.writers.map((writer, w) => [writer.name, w])),
    readers: new Map(universe.readers.map((reader, r) => [reader.name, r])),
  }));
}

/**
 * The number of the writer with this name.
 *
 * @throws {CircuitError} if there is none; its help names those that exist
 */
export function writerNumber(universe: Universe, name: string): number {
  const { writers, readers } = namesOf(universe);
  const w = writers.get(name);
  if (w !== undefined) return w;
  if (readers.has(name)) {
    const head = name.replace(/\.[qkv]$/, "");
    throw new CircuitError(
      `\`${name}\` reads the residual stream and does not write to it`,
      head === name ? "edges end there" : `the head's output is \`${head}\``,
    );
  }
  throw unknownComponent(universe, name);
}

/**
 * The number of the reader with this name.
 *
 * @throws {CircuitError} if there is none; its help names those that exist
 */
export function readerNumber(universe: Universe, name: string): number {
  const { writers, readers } = namesOf(universe);
  const r = readers.get(name);
  if (r !== undefined) return r;
  if (writers.has(name)) {
    throw new CircuitError(
      name.includes(".")
        ? `\`${name}\` reads by q, k and v, which are separate here`
        : `\`${name}\` writes to the residual stream and does not read it`,
      name.includes(".")
        ? `\`${name}.q\`, \`${name}.k\`, \`${name}.v\`, or \`${name}.*\` for all`
        : "edges start there",
    );
  }
  throw unknownComponent(universe, name);
}

/**
 * The number of an edge that is written `a5.h5 -> a8.h6.v`; spaces around the arrow are optional.
 *
 * @throws {CircuitError} if a name is unknown, or the writer does not come before the reader
 *
 * @example
 * ```ts
 * const architecture = await readArchitecture("examples/models/sorting-gpt");
 * const universe = universeOf(shapeOf(architecture), defaultConvention);
 * edgeName(universe, parseEdge(universe, "embed -> a0.h0.v")); // "embed -> a0.h0.v"
 * ```
 */
export function parseEdge(universe: Universe, text: string): number {
  const ends = text.split("->");
  if (ends.length !== 2) {
    throw new CircuitError(
      `\`${text.trim()}\` is not an edge`,
      "an edge is written `a5.h5 -> a8.h6.v`",
    );
  }
  return edgeBetween(universe, ends[0].trim(), ends[1].trim());
}

/**
 * The number of the edge between a writer and a reader given by name.
 *
 * @throws {CircuitError} as {@linkcode parseEdge}
 */
export function edgeBetween(universe: Universe, from: string, to: string): number {
  const writer = writerNumber(universe, from);
  const reader = readerNumber(universe, to);
  const edge = edgeNumber(universe, writer, reader);
  if (edge !== undefined) return edge;
  throw new CircuitError(
    writer < universe.firstWriter
      ? `\`${from} -> ${to}\`: edges from \`${from}\` are always kept and not counted`
      : `\`${from} -> ${to}\`: \`${from}\` writes after \`${to}\` has read`,
  );
}

/** True for an input of a key/value head that several query heads share. */
export const isShared = ({ shape }: Universe, { kind }: Reader): boolean =>
  (kind === "k" || kind === "v") && shape.keyValueHeads < shape.heads;

/** First and last query head that an input of a head belongs to. */
export function headsOf(universe: Universe, reader: Reader): { first: number; last: number } {
  if (!isShared(universe, reader)) return { first: reader.head, last: reader.head };
  const group = universe.shape.heads / universe.shape.keyValueHeads;
  return { first: reader.head * group, last: reader.head * group + group - 1 };
}

/** The query heads of an input as text: `h2`, `h2, h3`, `h0..h3`. */
export function headsText(universe: Universe, reader: Reader): string {
  const { first, last } = headsOf(universe, reader);
  if (last === first) return `h${first}`;
  return last === first + 1 ? `h${first}, h${last}` : `h${first}..h${last}`;
}

/**
 * A text of a file in today's names. Earlier files name the inputs of key/value head 1 `a5.h1.k` and `a5.h1.v`,
 * also where query heads share key/value heads.
 */
export const todaysNames = ({ shape }: Universe, text: string): string =>
  shape.keyValueHeads === shape.heads
    ? text
    : text.replace(/(?<![\w.])(a\d+)\.h(\d+\.[kv])(?![\w.])/g, "$1.kv$2");

/** The error for a name or pattern that matches nothing: which part of it is out of range, or the nearest name. */
export function unknownComponent(universe: Universe, name: string): CircuitError {
  return new CircuitError(`\`${name}\`: ${reason(universe, name)}`, hint(universe, name));
}

function reason(universe: Universe, name: string): string {
  const { shape, convention } = universe;
  if (name === "embed") return "the embeddings are split into `tok` and `pos` here";
  if (name === "tok" || (name === "pos" && convention.embeddings !== "split")) {
    return "the embeddings are one writer here, `embed`";
  }
  if (name === "pos") return "the model has no learned positions, so only `tok` is written";

  const parts = /^([am])(\d+)(?:\.(?:(h|kv)(\d+)|(?:h|kv)?\*))?(?:\.([a-z*]+))?$/.exec(name);
  if (!parts) return "there is no such component";
  const [, letter, layer, letters, head, input] = parts;
  if (Number(layer) >= shape.layers) return `the model has layers ${upTo(shape.layers)}`;
  if (letter === "m") return "an MLP has no heads and one input";
  const { heads, keyValueHeads } = shape;
  if (letters === "kv") {
    if (keyValueHeads === heads) {
      return "every head has a key/value head of its own, such as `a0.h0.k`";
    }
    if (Number(head) >= keyValueHeads) return `a layer has key/value heads ${upTo(keyValueHeads)}`;
    return "a key/value head reads by k and v";
  }
  if (head !== undefined && Number(head) >= shape.heads) {
    return `a layer has heads ${upTo(shape.heads)}`;
  }
  if (input !== undefined && convention.qkv === "joint") {
    return "a head's q, k and v share one reader here";
  }
  if (input !== undefined && !/^[qkv*]$/.test(input)) return "a head reads by q, k and v";
  if (input === "k" || input === "v") {
    const shared = Math.floor(Number(head) * keyValueHeads / heads);
    return `it shares a key/value head with others, \`a${layer}.kv${shared}.${input}\``;
  }
  return "there is no such component";
}

function hint(universe: Universe, name: string): string {
  const { writers, readers } = namesOf(universe);
  const near = /^[am]\d/.test(name)
    ? undefined
    : nearest(name, [...universe.writers, ...universe.readers].map((node) => node.name));
  if (near !== undefined) return `did you mean \`${near}\`?`;
  const first = universe.writers.filter((writer) => writer.layer < 0).map((w) => `\`${w.name}\``);
  const input = ["a0.h0.q", "a0.kv0.k"].filter((each) => readers.has(each))
    .map((each) => `\`${each}\``);
  const mlp = writers.has("m0") ? ["`m0`"] : [];
  return `components are ${[...first, "`a0.h0`", ...input, ...mlp].join(", ")}, ... \`logits\``;
}

function upTo(count: number): string {
  return count === 1 ? "0 only" : `0..${count - 1}`;
}
