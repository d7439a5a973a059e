/** Places in scripts, found from the script's own text. @module */

/**
 * The place of a piece of a text, as diagnostics show it: `line:column`. A mark `«` in the piece moves the place to
 * what follows the mark.
 *
 * @throws {Error} if the piece does not occur exactly once
 */
export function placeOf(text: string, marked: string): string {
  const piece = marked.replace("«", "");
  const start = text.indexOf(piece);
  if (start < 0 || text.indexOf(piece, start + 1) >= 0) {
    throw new Error(`A text must hold ${JSON.stringify(piece)} once`);
  }
  const before = text.slice(0, start + Math.max(0, marked.indexOf("«"))).split("\n");
  return `${before.length}:${[...before.at(-1)!].length + 1}`;
}

/** The line of {@linkcode placeOf}. */
export const lineOf = (text: string, marked: string): number =>
  Number(placeOf(text, marked).split(":")[0]);
