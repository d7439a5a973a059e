/** Fields of blocks as lines. @module */
import type { Field, Name } from "../syntax/tree.ts";
import { wordOf } from "../syntax/field_word.ts";
import { fitted, flat, type Line } from "./layout.ts";
import { inline, itemsOf, phrase, writer } from "./text.ts";

/** Widths of the columns of a block: its words, and the variables of its `vary` fields. */
export interface Columns {
  readonly words: number;
  readonly variables: number;
}

export const NO_COLUMNS: Columns = { words: 0, variables: 0 };

/** The columns that a block's fields are aligned to. */
export function columnsOf(fields: readonly Field[]): Columns {
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(({ length }) => length));
  return {
    words: widest(fields.filter(({ kind }) => kind !== "EdgesField").map(wordOf)),
    variables: widest(
      fields.flatMap((field) => field.kind === "VaryField" ? [texts(field.names)] : []),
    ),
  };
}

/** A field's lines. */
export function fieldLines(field: Field, depth: number, columns: Columns): Line[] {
  if (field.kind === "EdgesField") return edgeLines(field, depth);
  const w = writer();
  const [, ...items] = itemsOf(w, field);
  if (field.kind === "SkipField") items.push(...field.words);
  if (field.kind === "VaryField") items[0] = texts(field.names).padEnd(columns.variables);
  w.write(`${wordOf(field).padEnd(columns.words)} `);
  phrase(w, items);
  return fitted(w.pieces, depth);
}

function edgeLines(field: Extract<Field, { kind: "EdgesField" }>, depth: number): Line[] {
  if (field.edges.length === 0) return [{ depth, text: "edges {}" }];
  const names = field.edges.map(({ from, to }) => `${from.text} -> ${to.text}`);
  const column = Math.max(...names.map((name) => name.length));
  const inside = field.edges.map(({ score }, i): Line => ({
    depth: depth + 1,
    text: score ? `${names[i].padEnd(column)}  ${flat(inline(score))}` : names[i],
  }));
  return [{ depth, text: "edges {" }, ...inside, { depth, text: "}" }];
}

function texts(names: readonly Name[]): string {
  return names.map(({ text }) => text).join(", ");
}
