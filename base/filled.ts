/** Words set out over lines. @module */

/** Lines of at most `width` characters with as many words as fit; a longer word has a line of its own. */
export function filled(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Items with a comma behind each but the last. */
export function withCommas(items: readonly string[]): string[] {
  return items.map((item, i) => i + 1 < items.length ? `${item},` : item);
}
