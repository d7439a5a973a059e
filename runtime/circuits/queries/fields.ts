/**
 * The fields that queries may name, as tables. Every field of an edge but its score belongs to one of its
 * ends, so it is a column over writers or readers, and millions of edges cost no memory.
 *
 * A missing value is NaN: embeddings and `logits` are in no layer, MLPs have no head. A comparison with a
 * missing value is false.
 *
 * @module
 */
import { Memo } from "../../../base/memo.ts";
import { isShared } from "../../universe/names.ts";
import type { Reader, Universe, Writer } from "../../universe/universe.ts";

/** A field that queries may name. */
export interface Field {
  /** Comparison: a component with a pattern, a word with another word of the list, or numbers. */
  readonly type: "component" | "word" | "number";
  /** Owner of the field: the edge's writer, its reader, its score, or a node. */
  readonly of: "writer" | "reader" | "score" | "node";
  /** The words that a `word` field takes, in the order in which they sort. */
  readonly words?: readonly string[];
  /** A phrase that explains the field. */
  readonly about: string;
}

const writerWords = ["tok", "pos", "embed", "head", "mlp"] as const;
const readerWords = ["q", "k", "v", "qkv", "mlp", "logits"] as const;
const toWords = ["head", "mlp", "logits"] as const;
const nodeWords = ["tok", "pos", "embed", "head", "mlp", "logits"] as const;

/** Fields of an edge. */
export const edgeFields = {
  from: { type: "component", of: "writer", about: "the writer, compared with a pattern" },
  to: { type: "component", of: "reader", about: "the reader, compared with a pattern" },
  weight: { type: "number", of: "score", about: "the edge's score" },
  score: { type: "number", of: "score", about: "the edge's score (the same as weight)" },
  kind: { type: "word", of: "reader", words: readerWords, about: "how the reader uses it" },
  "from.kind": { type: "word", of: "writer", words: writerWords, about: "what the writer is" },
  "from.layer": { type: "number", of: "writer", about: "the writer's layer" },
  "from.head": { type: "number", of: "writer", about: "the writer's head within its layer" },
  "to.kind": { type: "word", of: "reader", words: toWords, about: "what the reader belongs to" },
  "to.layer": { type: "number", of: "reader", about: "the reader's layer" },
  "to.head": {
    type: "number",
    of: "reader",
    about: "the head that reads; a shared key or value input is of each of its heads",
  },
} as const satisfies Record<string, Field>;

/** Fields of a node. */
export const nodeFields = {
  name: { type: "component", of: "node", about: "the component, compared with a pattern" },
  kind: { type: "word", of: "node", words: nodeWords, about: "what the component is" },
  layer: { type: "number", of: "node", about: "its layer" },
  head: { type: "number", of: "node", about: "its head within the layer" },
  in_degree: { type: "number", of: "node", about: "edges into its readers" },
  out_degree: { type: "number", of: "node", about: "edges that leave it" },
  score: {
    type: "number",
    of: "node",
    about: "the highest score of the edges that leave it (for logits: that enter it)",
  },
} as const satisfies Record<string, Field>;

/**
 * Values that a field of a table is compared with: numbers, the words of its list, or patterns.
 *
 * @internal
 */
export type ValueOf<Table, Name> = Name extends keyof Table
  ? Table[Name] extends { type: "number" } ? number
  : Table[Name] extends { words: readonly (infer Word)[] } ? Word
  : string
  : never;

/**
 * Operators that a value allows: an order for numbers, equality for all.
 *
 * @internal
 */
export type OperatorFor<Value> = Value extends number ? "=" | "!=" | "<" | "<=" | ">" | ">="
  : "=" | "!=";

/** The table of fields for one kind of thing. */
export function fieldsOf(what: "edges" | "nodes"): Readonly<Record<string, Field>> {
  return what === "edges" ? edgeFields : nodeFields;
}

const columns = new Memo<Float64Array>();

/**
 * The column of an edge field over writers or readers, [writers] or [readers]: numbers as they are, words by their place in the
 * list, components by their place in the stream. Not for the score.
 */
export function endColumn(universe: Universe, name: string): Float64Array {
  return columns.get([universe, name], () => computeColumn(universe, name));
}

/** Values of an edge's fields that belong to its writer, by the writer and its place in the stream. */
const ofWriter: Readonly<Record<string, (writer: Writer, place: number) => number>> = {
  from: (_, place) => place,
  "from.kind": ({ kind }) => writerWords.indexOf(kind),
  "from.layer": ({ layer }) => known(layer),
  "from.head": ({ head }) => known(head),
};

/** As `ofWriter`, of the fields that belong to the reader. */
const ofReader: Readonly<Record<string, (reader: Reader, place: number) => number>> = {
  to: (_, place) => place,
  kind: ({ kind }) => readerWords.indexOf(kind),
  "to.kind": ({ kind }) => toWords.indexOf(kind === "mlp" || kind === "logits" ? kind : "head"),
  "to.layer": ({ kind, layer }) => kind === "logits" ? NaN : layer,
  "to.head": ({ head }) => known(head),
};

/** Layers and heads are -1 where there is none. */
const known = (number: number) => number < 0 ? NaN : number;

function computeColumn(universe: Universe, name: string): Float64Array {
  const { writers, readers, shape } = universe;
  if (Object.hasOwn(ofWriter, name)) return Float64Array.from(writers, ofWriter[name]);
  // Shared key/value heads come after the query heads.
  const after = name === "to.head" ? shape.heads : 0;
  return Float64Array.from(
    readers,
    (reader, r) => ofReader[name](reader, r) + (isShared(universe, reader) ? after : 0),
  );
}

/** A value of a column as a table shows it: a name, a word, a number, or null where there is none. */
export function cellOf(
  universe: Universe,
  field: Field,
  value: number,
): string | number | null {
  if (Number.isNaN(value)) return null;
  if (field.type === "word") return field.words![value];
  if (field.type === "component") {
    return field.of === "writer" ? universe.writers[value].name : universe.readers[value].name;
  }
  const { heads } = universe.shape;
  if (field === edgeFields["to.head"] && value >= heads) return `kv${value - heads}`;
  return value;
}
