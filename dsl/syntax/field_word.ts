/** The word that a field of a block begins with. @module */
import { FORMS } from "./forms.ts";
import type { Field } from "./tree.ts";

/** The word that a field begins with: always the same, or the first thing that its record keeps. */
export function wordOf(field: Field): string {
  const [first] = FORMS.get(field.kind)!;
  return first.type === "word"
    ? first.word
    : String(field[(first as { readonly label: string }).label as keyof Field]);
}
