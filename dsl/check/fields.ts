/** Checks that all blocks share: fields by word, fields that may be written only once. @module */
import type { CorruptionField, Field, Name, Span, TaskField } from "../syntax/tree.ts";
import { wordOf } from "../syntax/field_word.ts";
import type { Checker } from "./checker.ts";
import { notEmpty } from "./exists.ts";
import type { Piece } from "./program.ts";

/** Fields that may stand several times in a block. */
const REPEATED = new Set([
  "vary",
  "where",
  "prompt",
  "answer",
  "wrong",
  "redraw",
  "swap",
  "set",
  "split",
  "join",
  "keep embeddings",
  "let",
]);

/** Reports fields that stand twice where they may stand once. */
export function once(c: Checker, what: string, fields: readonly Field[]): void {
  const seen = new Set<string>();
  for (const field of fields) {
    const word = wordOf(field);
    if (REPEATED.has(word)) continue;
    if (seen.has(word)) {
      c.error(wordIn(field), `the ${what} has \`${word}\` twice`, "remove one of the two");
    }
    seen.add(word);
  }
}

/** The name that the draws of a task or a corruption are seeded by, in place of its own. */
export function drawnAs(
  c: Checker,
  fields: readonly (TaskField | CorruptionField)[],
): { readonly drawnAs?: string } {
  const field = first(fields, "DrawnAsField");
  if (field === undefined) return {};
  notEmpty(c, field.name, "the name of a draw");
  return { drawnAs: field.name.value };
}

/** The place of a field's word. */
export function wordIn(field: Field): { readonly span: Span } {
  const { start } = field.span;
  return { span: { start, end: start + wordOf(field).length } };
}

/** Reports fields that a block cannot do without. */
export function lacks(
  c: Checker,
  what: string,
  { name }: { readonly name: Name },
  words: readonly (string | false)[],
  help?: string,
): void {
  const missing = words.filter(Boolean).map((word) => `\`${word}\``);
  if (missing.length === 0) return;
  c.error(name, `the ${what} \`${name.text}\` has no ${missing.join(" and no ")}`, help);
}

/** A check of names that may each stand once, which reports a second one. */
export function unrepeated(
  c: Checker,
  message = (name: string) => `\`${name}\` is named twice`,
  help?: string,
): (name: Piece) => void {
  const seen = new Set<string>();
  return (name) => {
    if (seen.has(name.text)) c.error(name, message(name.text), help);
    seen.add(name.text);
  };
}

type OfKind<F extends Field, K extends Field["kind"]> = Extract<F, { kind: K }>;

export function all<F extends Field, K extends F["kind"]>(
  fields: readonly F[],
  kind: K,
): readonly OfKind<F, K>[] {
  return fields.filter((field): field is OfKind<F, K> => field.kind === kind);
}

export function first<F extends Field, K extends F["kind"]>(
  fields: readonly F[],
  kind: K,
): OfKind<F, K> | undefined {
  return fields.find((field): field is OfKind<F, K> => field.kind === kind);
}

/** The first field with a word. */
export function withWord<F extends Field>(fields: readonly F[], word: string): F | undefined {
  return fields.find((field) => wordOf(field) === word);
}
