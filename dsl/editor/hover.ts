/** Hover: what a word means, from its doc comment or from the reference. @module */
import type { Symbol } from "../check/symbols.ts";
import { entryMarkdown } from "../reference/entry.ts";
import { entriesFor, entryOf } from "../reference/mod.ts";
import { tokenise } from "../syntax/lexer.ts";
import type { Span, Statement } from "../syntax/tree.ts";
import { type Document, statementAt, symbolAt, touches } from "./document.ts";

export interface Hover {
  readonly markdown: string;
  readonly span: Span;
}

/** Description of the word at an offset. */
export function hoverAt(document: Document, offset: number): Hover | undefined {
  const named = symbolAt(document, offset);
  if (named) return { markdown: symbolMarkdown(named.symbol), span: named.span };
  const token = tokenise(document.text).tokens.find(({ startOffset, image }) =>
    touches({ start: startOffset, end: startOffset + image.length }, offset)
  );
  if (!token || !/^\w+$/.test(token.image)) return undefined;
  const statement = statementAt(document.tree.statements, offset);
  const entry = entryHere(token.image, token.startOffset, statement);
  if (!entry) return undefined;
  const span = { start: token.startOffset, end: token.startOffset + token.image.length };
  return { markdown: entryMarkdown(entry), span };
}

function entryHere(word: string, start: number, statement: Statement | undefined) {
  if (statement && "fields" in statement) {
    const kind = statement.kind.replace("Declaration", "").toLowerCase();
    const isField = statement.fields.some(({ span }) => span.start === start);
    if (isField) return entryOf(word, ["field"], kind);
  }
  const kinds = statement?.span.start === start ? ["statement", "query"] as const : [
    "metric",
    "method",
    "clause",
    "operator",
    "column",
    "function",
    "plot",
    "generator",
  ] as const;
  return entryOf(word, kinds) ?? entriesFor(word)[0];
}

/** A name as Markdown: what it is, its doc comment, and what is known of it. */
export function symbolMarkdown(symbol: Symbol): string {
  const lines = [`\`\`\`circ\n${headOf(symbol)}\n\`\`\``];
  if (symbol.doc) lines.push(symbol.doc);
  const { universe, typed } = symbol;
  if (universe) {
    const { layers, heads } = universe.shape;
    lines.push(
      `${layers} layers, ${heads} heads, ${universe.edgeCount.toLocaleString("en")} edges`,
    );
  }
  if (typed.values && typed.values.length > 1) {
    lines.push(`one of ${typed.values.slice(0, 12).join(", ")}`);
  }
  return lines.join("\n\n");
}

function headOf({ name, type, inner, typed, of }: Symbol): string {
  if (inner === "variable" || inner === "answer") return `vary ${name}`;
  if (inner === "part") return `let ${name}`;
  const value = typed.values?.length === 1 ? ` = ${typed.values[0]}` : "";
  const model = typed.model ? ` in ${typed.model.name}` : "";
  const task = typed.task ? ` for ${typed.task.name}` : "";
  return `${type === "unknown" ? "let" : type} ${name}${
    of ? ` of ${of}` : ""
  }${value}${model}${task}`;
}
