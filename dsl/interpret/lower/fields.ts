/**
 * Fields of a declaration by kind.
 *
 * @module
 */
import type { ChoiceField, Expression, Field, Name, ValueField } from "../../syntax/tree.ts";

interface FieldsOf<F extends Field> {
  /** All fields of a kind, in order. */
  all<K extends F["kind"]>(kind: K): Extract<F, { kind: K }>[];
  /** The last field of a kind, which counts where one is meant. */
  last<K extends F["kind"]>(kind: K): Extract<F, { kind: K }> | undefined;
  /** What the last `WORD CHOICE` chooses. */
  choice(word: ChoiceField["word"]): Name | undefined;
  /** The value of the last `WORD VALUE`. */
  value(word: ValueField["word"]): Expression | undefined;
}

/** Access to a declaration's fields by kind. */
export function fieldsOf<F extends Field>(fields: readonly F[]): FieldsOf<F> {
  const all = <K extends Field["kind"]>(kind: K) =>
    fields.filter((field): field is Extract<F, { kind: K }> => field.kind === kind);
  const worded = <K extends "ChoiceField" | "ValueField">(kind: K, word: string) =>
    (fields as readonly Field[]).findLast((field): field is Extract<Field, { kind: K }> =>
      field.kind === kind && (field as ChoiceField | ValueField).word === word
    );
  return {
    all,
    last: (kind) => all(kind).at(-1),
    choice: (word) => worded("ChoiceField", word)?.value,
    value: (word) => worded("ValueField", word)?.value,
  };
}
