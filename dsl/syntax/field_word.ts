/** The word that a field of a block begins with. @module */
import { FORMS } from "./forms.ts";
import type { ChoiceField, Field } from "./tree.ts";

/** Words of the fields that always begin with the same one, by kind. */
const WORDS: ReadonlyMap<string, string> = new Map(
  [...FORMS].flatMap(([kind, [first]]) => first?.type === "word" ? [[kind, first.word]] : []),
);

/** The word that a field begins with: always the same, or the one that its record keeps. */
export function wordOf(field: Field): string {
  return WORDS.get(field.kind) ?? (field as ChoiceField).word;
}
