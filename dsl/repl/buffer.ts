/** The text being typed and the cursor in it, as plain data: every key is a function from one to the next. @module */
import type { Key } from "./keys.ts";

export interface Buffer {
  /** The typed text, of one line or several. */
  readonly text: string;
  /** Position of the cursor in code units, always between two characters as a reader sees them. */
  readonly cursor: number;
  /** The text that was cut last, for `yank`. */
  readonly cut: string;
}

/** A buffer with the cursor at the end. */
export function bufferOf(text: string, cut = ""): Buffer {
  return { text, cursor: text.length, cut };
}

/** The buffer after text came in at the cursor. */
export function insert(buffer: Buffer, text: string): Buffer {
  const { cursor } = buffer;
  return {
    ...buffer,
    text: buffer.text.slice(0, cursor) + text + buffer.text.slice(cursor),
    cursor: cursor + text.length,
  };
}

/** The buffer after a key; null when the key is not one that edits (enter, history, completion, ...). */
export function edit(buffer: Buffer, key: Key): Buffer | null {
  if (key.kind !== "key") return insert(buffer, key.text);
  const { text, cursor } = buffer;
  switch (key.name) {
    case "newline":
      return insert(buffer, "\n");
    case "left":
      return { ...buffer, cursor: before(text, cursor) };
    case "right":
      return { ...buffer, cursor: after(text, cursor) };
    case "word-left":
      return { ...buffer, cursor: wordStart(text, cursor) };
    case "word-right":
      return { ...buffer, cursor: wordEnd(text, cursor) };
    case "home":
      return { ...buffer, cursor: lineStart(text, cursor) };
    case "end":
      return { ...buffer, cursor: lineEnd(text, cursor) };
    case "backspace":
      return remove(buffer, before(text, cursor), cursor, false);
    case "delete":
      return remove(buffer, cursor, after(text, cursor), false);
    case "kill-word-left":
      return remove(buffer, wordStart(text, cursor), cursor, true);
    case "kill-word-right":
      return remove(buffer, cursor, wordEnd(text, cursor), true);
    case "kill-to-start":
      return remove(buffer, lineStart(text, cursor), cursor, true);
    case "kill-to-end":
      return remove(buffer, cursor, lineEnd(text, cursor), true);
    case "yank":
      return insert(buffer, buffer.cut);
    default:
      return null;
  }
}

/** The cursor one line up or down in the same column; null when there is no such line. */
export function moveLine(buffer: Buffer, by: -1 | 1): Buffer | null {
  const { text, cursor } = buffer;
  const start = lineStart(text, cursor);
  const column = cursor - start;
  if (by === -1) {
    if (start === 0) return null;
    const previous = lineStart(text, start - 1);
    return { ...buffer, cursor: snapped(text, Math.min(previous + column, start - 1)) };
  }
  const end = lineEnd(text, cursor);
  if (end === text.length) return null;
  return { ...buffer, cursor: snapped(text, Math.min(end + 1 + column, lineEnd(text, end + 1))) };
}

function remove(buffer: Buffer, start: number, end: number, keep: boolean): Buffer {
  return {
    text: buffer.text.slice(0, start) + buffer.text.slice(end),
    cursor: start,
    cut: keep && end > start ? buffer.text.slice(start, end) : buffer.cut,
  };
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** The text as characters that a reader sees. */
export function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function before(text: string, cursor: number): number {
  const start = lineStart(text, cursor);
  if (start === cursor) return Math.max(0, cursor - 1);
  return cursor - graphemes(text.slice(start, cursor)).at(-1)!.length;
}

function after(text: string, cursor: number): number {
  if (cursor >= text.length) return cursor;
  const end = lineEnd(text, cursor);
  if (end === cursor) return cursor + 1;
  return cursor + graphemes(text.slice(cursor, end))[0].length;
}

/** The nearest position between two characters, at or before this one. */
function snapped(text: string, position: number): number {
  const start = lineStart(text, position);
  let at = start;
  for (const grapheme of graphemes(text.slice(start, lineEnd(text, position)))) {
    if (at + grapheme.length > position) break;
    at += grapheme.length;
  }
  return at;
}

const wordCharacter = /[\p{L}\p{N}_]/u;

function wordStart(text: string, cursor: number): number {
  let at = cursor;
  while (at > 0 && !wordCharacter.test(text[at - 1])) at--;
  while (at > 0 && wordCharacter.test(text[at - 1])) at--;
  return at;
}

function wordEnd(text: string, cursor: number): number {
  let at = cursor;
  while (at < text.length && !wordCharacter.test(text[at])) at++;
  while (at < text.length && wordCharacter.test(text[at])) at++;
  return at;
}

function lineStart(text: string, cursor: number): number {
  return cursor === 0 ? 0 : text.lastIndexOf("\n", cursor - 1) + 1;
}

function lineEnd(text: string, cursor: number): number {
  const end = text.indexOf("\n", cursor);
  return end < 0 ? text.length : end;
}
