/** Help for words that are not among the known ones. @module */
import { nearest } from "./nearest.ts";

/** Longest list of names that a help line spells out. */
const LISTED = 12;

/** A help line for a word that is not one of the candidates: the nearest, else what there is. */
export function helpFor(
  word: string,
  candidates: Iterable<string>,
  what: string,
): string | undefined {
  const all = [...candidates];
  const near = nearest(word, all);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  if (all.length === 0) return undefined;
  const listed = all.slice(0, LISTED).map((name) => `\`${name}\``).join(", ");
  return `${what}: ${listed}${all.length > LISTED ? `, and ${all.length - LISTED} more` : ""}`;
}
