/** Text within SVG and HTML. @module */

/** A text as markup shows it, within elements and attributes alike. Control signs, which XML cannot have, are left out. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    // deno-lint-ignore no-control-regex
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, "");
}
