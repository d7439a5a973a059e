/** Lines of a file's bytes. @module */

/**
 * Each line as text, or null where it is not UTF-8. A newline byte is never part of another character in UTF-8, so lines
 * are cut before they are decoded.
 */
export function* decodedLines(bytes: Uint8Array): Generator<string | null> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    let text: string | null;
    try {
      text = decoder.decode(bytes.subarray(start, end));
    } catch {
      text = null;
    }
    yield text;
    start = end + 1;
  }
}
