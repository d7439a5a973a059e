/** Checks of texts that name files, or that must not be empty. @module */
import { normalize } from "../../base/paths.ts";
import type { TextLiteral } from "../syntax/tree.ts";
import type { Checker } from "./checker.ts";
import type { Piece } from "./program.ts";

/** Checks that a file that the script reads is there, or was saved further up. */
export function exists(c: Checker, file: TextLiteral): void {
  notEmpty(c, file, "the name of a file");
  if (c.saved.has(normalize(file.value))) return;
  if (file.value !== "" && c.context.exists?.(file.value, c.file) === false) {
    c.error(file, `no such file: ${file.value}`, "paths are relative to the script");
  }
}

export function notEmpty(c: Checker, text: TextLiteral, what: string): void {
  if (text.value.trim() === "") c.error(text, `${what} cannot be empty`);
}

/** A text where it stands. */
export const pieceOf = ({ value, span }: TextLiteral): Piece => ({ text: value, span });
