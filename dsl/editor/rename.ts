/** Renaming a name everywhere in a script. @module */
import { RESERVED_WORDS } from "../syntax/tokens.ts";
import type { Span } from "../syntax/tree.ts";
import { type Document, placesOf, symbolAt } from "./document.ts";

export type Renamed =
  | { readonly ok: true; readonly spans: readonly Span[] }
  | { readonly ok: false; readonly reason: string };

/** The span of the name at an offset, when it can be renamed. */
export function renamable(document: Document, offset: number): Span | undefined {
  const found = symbolAt(document, offset);
  return found && found.symbol.file === document.file ? found.span : undefined;
}

/** Edits that give the name at an offset another name. */
export function rename(document: Document, offset: number, to: string): Renamed {
  const refused = (reason: string): Renamed => ({ ok: false, reason });
  const found = symbolAt(document, offset);
  if (!found) return refused("there is no name here");
  const { symbol } = found;
  if (symbol.file !== document.file) {
    return refused(`\`${symbol.name}\` is declared in ${symbol.file}: rename it there`);
  }
  if (!/^[A-Za-z_]\w*$/.test(to)) {
    const rule = "names consist of the letters a to z, digits and `_`";
    return refused(`\`${to}\` cannot be a name: ${rule}`);
  }
  if (RESERVED_WORDS.has(to)) {
    return refused(`\`${to}\` is a word of the language and cannot be a name`);
  }
  const { checked } = document;
  const clash = symbol.inner
    ? checked.symbols.some((each) =>
      each !== symbol && each.name === to && each.inner === symbol.inner
    )
    : checked.names.has(to);
  if (clash && to !== symbol.name) return refused(`\`${to}\` is declared already`);
  return { ok: true, spans: placesOf(document, symbol).map(({ span }) => span) };
}
