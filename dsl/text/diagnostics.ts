/** Diagnostics of a script: a place, one sentence, and a remedy. @module */
import { displayWidth } from "../../base/display_width.ts";
import { printable, printableLine } from "../../base/printable.ts";
import { linesOf, type Source, type Span } from "./source.ts";

/** An error or a warning about a script. */
export interface Diagnostic {
  /** Name of the file, as the user knows it. */
  readonly file: string;
  /** The part of the text that is at fault. */
  readonly span: Span;
  /** An error stops the script from running. */
  readonly severity: "error" | "warning";
  /** One sentence in lower case, without a full stop. */
  readonly message: string;
  /** The values that are allowed here, or the nearest name. */
  readonly help?: string;
}

/** Most diagnostics that one run shows. */
export const SHOWN = 20;

/** Widest stretch of a source line that is shown; longer lines are cut around the span. */
const WIDEST = 100;

/** By file (in order of first appearance), then position; errors before warnings; repeats removed. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const order = new Map<string, number>();
  for (const d of diagnostics) if (!order.has(d.file)) order.set(d.file, order.size);
  const sorted = [...diagnostics].sort((a, b) =>
    order.get(a.file)! - order.get(b.file)! || a.span.start - b.span.start ||
    Number(a.severity === "warning") - Number(b.severity === "warning") || a.span.end - b.span.end
  );
  return sorted.filter((d, i) => {
    const before = sorted[i - 1];
    return !before || before.file !== d.file || before.span.start !== d.span.start ||
      before.message !== d.message;
  });
}

/** True if one of them is an error, which stops the script from running. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === "error");
}

/**
 * The diagnostics as text: `path:line:column`, the sentence, the source line with carets under the
 * span, and the help line. At most {@linkcode SHOWN}, then a count of the rest.
 *
 * @example
 * ```ts
 * const { diagnostics, sources } = checkText("count edges of found", "a.circ");
 * console.log(renderDiagnostics(diagnostics, sources));
 * // a.circ:1:16: error: unknown circuit `found`
 * //   1 | count edges of found
 * //     |                ^^^^^
 * //     = help: no circuit is declared above
 * ```
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: Source | readonly Source[],
): string {
  const all = Array.isArray(sources) ? sources as readonly Source[] : [sources as Source];
  const byFile = new Map(all.map((source) => [source.file, source]));
  const sorted = sortDiagnostics(diagnostics);
  const shown = sorted.slice(0, SHOWN).map((d) => renderOne(d, byFile.get(d.file)));
  if (sorted.length > SHOWN) shown.push(`and ${sorted.length - SHOWN} more\n`);
  return shown.join("\n");
}

function renderOne(diagnostic: Diagnostic, source: Source | undefined): string {
  const { span, severity } = diagnostic;
  const file = printableLine(diagnostic.file);
  const [message, help] = [diagnostic.message, diagnostic.help ?? ""].map(printable);
  if (!source) {
    return `${file}: ${severity}: ${message}\n` + (help ? `  = help: ${help}\n` : "");
  }
  const lines = linesOf(source.text);
  const { line, column } = lines.position(span.start);
  const whole = lines.text(line);
  const first = span.start - lines.start(line);
  const last = Math.min(Math.max(span.end - lines.start(line), first + 1), whole.length + 1);
  const { before, marked, after } = windowOf(whole, first, last);
  const number = String(line);
  const margin = " ".repeat(number.length);
  const carets = "^".repeat(Math.max(1, displayWidth(marked)));
  return `${file}:${line}:${column}: ${severity}: ${message}\n` +
    `  ${number} | ${before}${marked}${after}`.trimEnd() + "\n" +
    `  ${margin} | ${" ".repeat(displayWidth(before))}${carets}\n` +
    (help ? `  ${margin} = help: ${help}\n` : "");
}

/** The span and as much of the line around it as fits, with control characters made visible. */
function windowOf(line: string, first: number, last: number) {
  const longest = WIDEST - 20;
  const markedEnd = Math.min(last, first + longest);
  const from = first > WIDEST - 30 || line.length > 4 * WIDEST ? Math.max(0, first - 20) : 0;
  const to = Math.min(line.length, Math.max(from + WIDEST, markedEnd));
  return {
    before: (from > 0 ? "…" : "") + visible(line.slice(from, first)),
    marked: visible(line.slice(first, markedEnd)),
    after: visible(line.slice(markedEnd, to)) + (to < line.length ? "…" : ""),
  };
}

function visible(text: string): string {
  return printableLine(text.replaceAll("\t", "  "), () => "\ufffd");
}
