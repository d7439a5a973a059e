/**
 * Checks that all blocks share: fields by word, fields that may be written only once.
 *
 * @module
 */
import type { Field } from "../syntax/tree.ts";
import { wordOf } from "../syntax/field_word.ts";
import type { Checker } from "./checker.ts";

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
      c.error(
        { span: { start: field.span.start, end: field.span.start + word.length } },
        `the ${what} has \`${word}\` twice`,
        "remove one of the two",
      );
    }
    seen.add(word);
  }
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
  return all(fields, kind)[0];
}

/** The first field with a word. */
export function withWord<F extends Field>(fields: readonly F[], word: string): F | undefined {
  return fields.find((field) => wordOf(field) === word);
}
