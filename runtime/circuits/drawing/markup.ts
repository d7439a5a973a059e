/** Text within SVG and HTML. @module */
import { printable } from "../../../base/printable.ts";

/** A text as markup shows it, within elements and attributes alike. Control characters are written out. */
export function escaped(text: string): string {
  return printable(text)
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
