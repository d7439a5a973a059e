/** A script as an editor or a prompt sees it: text, tree and what is known of its names, kept up to date. @module */
import {
  check,
  type CheckContext,
  type Checked,
  type Reference,
  type Symbol,
} from "../check/check.ts";
import { type Diagnostic, sortDiagnostics } from "../text/diagnostics.ts";
import { parse } from "../syntax/parse.ts";
import type { Program, Span, Statement } from "../syntax/tree.ts";

export interface Document {
  readonly file: string;
  readonly text: string;
  readonly tree: Program;
  readonly checked: Checked;
  /** Sorted; those of imported files too. */
  readonly diagnostics: readonly Diagnostic[];
}

export function analyse(text: string, file: string, context: CheckContext = {}): Document {
  const parsed = parse(text, file);
  const { checked, diagnostics } = check(parsed.tree, context);
  return {
    file,
    text,
    tree: parsed.tree,
    checked,
    diagnostics: sortDiagnostics([...parsed.diagnostics, ...diagnostics]),
  };
}

/** True if an offset is in a span or at its end, as a cursor behind a word is. */
export function touches(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

/** The name at an offset, be it a declaration or a use. */
export function symbolAt(
  { checked, file }: Document,
  offset: number,
): { symbol: Symbol; span: Span } | undefined {
  const used = checked.references.find((each) => each.file === file && touches(each.span, offset));
  if (used) return { symbol: used.symbol, span: used.span };
  const symbol = checked.symbols.find((each) => touches(each.span, offset));
  return symbol && { symbol, span: symbol.span };
}

/** Every occurrence of a symbol's name in the document, its declaration first. */
export function placesOf({ checked, file }: Document, symbol: Symbol): readonly Reference[] {
  const places = symbol.file === file ? [{ file, span: symbol.span, symbol }] : [];
  return [
    ...places,
    ...checked.references.filter((each) => each.file === file && each.symbol === symbol),
  ];
}

/** The innermost statement around an offset. */
export function statementAt(
  statements: readonly Statement[],
  offset: number,
): Statement | undefined {
  const found = statements.find(({ span }) => touches(span, offset));
  if (found?.kind !== "SweepStatement") return found;
  return statementAt(found.statements, offset) ?? found;
}
