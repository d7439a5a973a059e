/** Width of texts in terminal columns, and texts cut to a width. @module */

let segmenter: Intl.Segmenter | undefined;

/** Grapheme clusters of a text; the segmenter is made when first needed. */
function graphemes(text: string) {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return segmenter.segment(text);
}

/** Terminal columns of a text: wide (East Asian, emoji) characters take two, combining marks none. */
export function displayWidth(text: string): number {
  // deno-lint-ignore no-control-regex
  if (/^[\x00-\x7f]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes(text)) width += isWide(segment) ? 2 : 1;
  return width;
}

function isWide(grapheme: string): boolean {
  if (/\p{Emoji_Presentation}|\ufe0f/u.test(grapheme)) return true;
  const code = grapheme.codePointAt(0)!;
  return (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) || (code >= 0x20000 && code <= 0x3fffd);
}

/** The text cut to at most `width` columns, with `…` as the last where something was cut. */
export function cutToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let cut = "";
  let used = 0;
  for (const { segment } of graphemes(text)) {
    const next = displayWidth(segment);
    if (used + next > width - 1) break;
    cut += segment;
    used += next;
  }
  return width > 0 ? `${cut}…` : "";
}
