/** Syntax trees as text: by the forms of the grammar; operators, calls and brackets by a table. @module */
import { FORMS, RULES } from "../syntax/forms.ts";
import { type Form, isBare, type Part } from "../syntax/notation.ts";
import type { Expression, Node, SparsityField } from "../syntax/tree.ts";
import type { Pieces } from "./layout.ts";

/** Collects text; the outermost lists are kept apart, since they may be set out over lines. */
export interface Writer {
  readonly pieces: Pieces;
  write(text: string): void;
  /** Writes a list's brackets around its items. */
  list<T>(items: readonly T[], write: (item: T) => void): void;
}

export function writer(): Writer {
  const pieces: (string | string[])[] = [""];
  let depth = 0;
  const write = (text: string) => {
    const last = pieces.length - 1;
    const piece = pieces[last];
    if (typeof piece === "string") pieces[last] = piece + text;
    else piece[piece.length - 1] += text;
  };
  return {
    pieces,
    write,
    list: (items, writeItem) => {
      write("[");
      const outermost = depth++ === 0;
      if (outermost) pieces.push([]);
      items.forEach((item, i) => {
        if (outermost) (pieces.at(-1) as string[]).push("");
        else if (i > 0) write(", ");
        writeItem(item);
      });
      depth--;
      if (outermost) pieces.push("");
      write("]");
    },
  };
}

type Written = Node | SparsityField["form"];
type Write<N> = (w: Writer, node: N) => void;
type Table = { readonly [K in Written["kind"]]?: Write<Extract<Written, { kind: K }>> };

/** Kinds that are no row of words and parts with spaces between them. */
const TABLE: Table = {
  OperatorArgument: (w, { operator }) => w.write(operator === "=" ? "==" : operator),
  ListLiteral: (w, { items }) => w.list(items, (item) => write(w, item)),
  RangeExpression: (w, { from, to }) => {
    write(w, from);
    w.write(isTight(from) && isTight(to) ? ".." : " .. ");
    write(w, to);
  },
  CallExpression: (w, node) => {
    w.write(`${node.callee.text}(`);
    separated(w, node.arguments, (item) => write(w, item));
    w.write(")");
  },
  GroupExpression: (w, { inner }) => {
    w.write("(");
    write(w, inner);
    w.write(")");
  },
  UnaryExpression: (w, { operator, operand }) => {
    w.write(operator === "not" ? "not " : "-");
    write(w, operand);
  },
  BinaryExpression: (w, { left, operator, right }) => phrase(w, [left, operator, right]),
  WithoutExpression: (w, { circuit, selections, bracketed }) => {
    const listed = () => w.list(selections, (each) => write(w, each));
    phrase(w, [circuit, "without", bracketed ? listed : selections[0]]);
  },
  AboveExpression: (w, { circuit, threshold }) => phrase(w, [circuit, "above", threshold]),
  UnderExpression: (w, { circuit, ablation }) => phrase(w, [circuit, "under", ablation]),
  TopExpression: (w, { amount, circuit }) => phrase(w, ["top", amount, "of", circuit]),
  ComplementExpression: (w, { circuit }) => phrase(w, ["complement of", circuit]),
  Off: (w) => w.write("off"),
  Points: (w, { points }) => w.list(points, ({ value, at }) => phrase(w, [value, "at", at])),
};

/** Writes a node; of a statement with a block, what stands before the brace. */
export function write(w: Writer, node: Written): void {
  const special = TABLE[node.kind] as Write<Written> | undefined;
  if (special) special(w, node);
  else if ("text" in node && typeof node.text === "string") w.write(node.text);
  else phrase(w, itemsOf(w, node));
}

/** A word, a node, or a function that writes. */
type Item = string | Written | (() => void);

/** Writes items with spaces between them. */
export function phrase(w: Writer, items: readonly Item[]): void {
  items.forEach((item, i) => {
    if (i > 0) w.write(" ");
    if (typeof item === "string") w.write(item);
    else if (typeof item === "function") item();
    else write(w, item);
  });
}

/** Words and parts of a node, in the order of its form. */
export function itemsOf(w: Writer, node: Written): Item[] {
  return formItems(w, FORMS.get(node.kind)!, node);
}

function formItems(w: Writer, form: Form, values: unknown): Item[] {
  return form.flatMap((part) => partItems(w, part, values as Readonly<Record<string, unknown>>));
}

function partItems(w: Writer, part: Part, values: Readonly<Record<string, unknown>>): Item[] {
  switch (part.type) {
    case "word":
      return [part.word];
    case "part": {
      const value = values[part.label];
      // Of a rule that is no record, the words and what they stand before.
      const form = part.choices.length === 1 ? RULES.get(part.choices[0])?.form : undefined;
      return form && isBare(form) ? formItems(w, form, { "": value }) : [value as Item];
    }
    case "list": {
      const { item } = part;
      const inner = (each: unknown) => formItems(w, item, isBare(item) ? { "": each } : each);
      const all = values[part.label] as readonly unknown[];
      return [() => separated(w, all, (each) => phrase(w, inner(each)))];
    }
    case "option": {
      const inner = part.label === undefined ? values : values[part.label];
      return inner && (inner !== values || part.parts.some((each) => isThere(each, values)))
        ? formItems(w, part.parts, inner)
        : [];
    }
    default:
      return [];
  }
}

function isThere(part: Part, values: Readonly<Record<string, unknown>>): boolean {
  if (part.type !== "part" && part.type !== "list") return false;
  const value = values[part.label];
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

/** True if `..` may follow or precede without a space. */
function isTight(node: Expression): boolean {
  return node.kind === "NumberLiteral" || (node.kind === "Path" && node.parts.length === 1);
}

function separated<T>(w: Writer, items: readonly T[], write: (item: T) => void): void {
  items.forEach((item, i) => {
    if (i > 0) w.write(", ");
    write(item);
  });
}

export function inline(node: Written): Pieces {
  const w = writer();
  write(w, node);
  return w.pieces;
}
