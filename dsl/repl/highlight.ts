/** Colours for what is being typed, from the language's own tokens. @module */
import { tokenise } from "../syntax/lexer.ts";
import type { Span } from "./layout.ts";
import { commands } from "./commands.ts";

/** SGR numbers. */
const styles = { keyword: "1", text: "32", number: "36", comment: "2", command: "35" } as const;

/** Stretches of an entry with a style of their own. */
export function highlight(entry: string): Span[] {
  const command = /^\s*\.([a-z]+)/.exec(entry);
  if (command !== null) {
    const known = commands.some(({ name }) => name === command[1]);
    return known ? [{ start: 0, end: command[0].length, style: styles.command }] : [];
  }
  const { tokens, comments } = tokenise(entry);
  const spans: Span[] = [];
  for (const { startOffset, image, tokenType } of [...tokens, ...(comments ?? [])]) {
    const style = image.startsWith("#")
      ? styles.comment
      : image.startsWith('"')
      ? styles.text
      : /^\d/.test(image)
      ? styles.number
      : /^[a-z_]+$/.test(image) && !/identifier/i.test(tokenType.name)
      ? styles.keyword
      : undefined;
    if (style !== undefined) {
      spans.push({ start: startOffset, end: startOffset + image.length, style });
    }
  }
  return spans.sort((a, b) => a.start - b.start);
}
