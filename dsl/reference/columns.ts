/** Columns that queries may name: the runtime's own tables, as entries. @module */
import { fieldsOf } from "../../runtime/circuits/queries/fields.ts";
import type { Entry } from "./entry.ts";

/** A column of a query and the values that it is compared with. */
export interface Column {
  readonly type: "component" | "word" | "number";
  /** Which side of an edge a component is on. */
  readonly side: "writer" | "reader" | "node";
  readonly words?: readonly string[];
  readonly about: string;
}

function columnsOf(what: "edges" | "nodes"): Readonly<Record<string, Column>> {
  return Object.fromEntries(
    Object.entries(fieldsOf(what)).map(([name, { type, of, words, about }]) => [
      name,
      {
        type,
        side: of === "writer" || of === "reader" ? of : "node",
        about,
        ...(words && { words }),
      },
    ]),
  );
}

/** Columns of a query's rows, by name. */
export const columns = { edges: columnsOf("edges"), nodes: columnsOf("nodes"), paths: {} } as const;

export const COLUMNS: readonly Entry[] = (["edges", "nodes"] as const).flatMap((what) =>
  Object.entries(columns[what]).map(([word, { type, words, about }]): Entry => ({
    word,
    kind: "column",
    of: what,
    form: type === "component"
      ? `where ${word} = a3.*`
      : type === "word"
      ? `where ${word} = ${words![0]}`
      : `where ${word} > 1`,
    text: about[0].toUpperCase() + about.slice(1) + ".",
    ...(words ? { range: words.map((each) => `\`${each}\``).join(", ") } : {}),
  }))
);
