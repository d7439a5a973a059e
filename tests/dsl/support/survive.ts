/**
 * Properties of any text: parsing, checking, showing and formatting end, in time and without an exception, and
 * spans are within the text.
 *
 * @module
 */
import { check } from "../../../dsl/check/check.ts";
import { renderDiagnostics } from "../../../dsl/text/diagnostics.ts";
import { formatText } from "../../../dsl/format/format.ts";
import { parse } from "../../../dsl/syntax/parse.ts";

/** Milliseconds for a text under 10 kB. */
export const LIMIT = 50;

/** Checks one text; returns how long parsing and checking took, in milliseconds. */
export function survive(text: string): number {
  const start = performance.now();
  const parsed = parse(text, "fuzz.circ");
  const { diagnostics } = check(parsed.tree);
  const milliseconds = performance.now() - start;
  const all = [...parsed.diagnostics, ...diagnostics];
  for (const { span, message, help } of all) {
    if (!(span.start >= 0 && span.start <= span.end && span.end <= text.length)) {
      throw new Error(`The span ${span.start}..${span.end} of "${message}" lies outside the text`);
    }
    if (
      /undefined|NaN|\[object|is not a function/.test(`${message} ${help ?? ""}`) &&
      !/NaN|undefined/.test(text)
    ) {
      throw new Error(`A message that no user should see: ${message}; ${help}`);
    }
  }
  renderDiagnostics(all, { file: "fuzz.circ", text });
  const formatted = formatText(text);
  if (formatted.ok) {
    const again = formatText(formatted.text);
    if (!again.ok || again.text !== formatted.text) throw new Error("Formatting is not stable");
  } else if (parsed.diagnostics.length === 0) throw new Error("Formatting refused what parses");
  return milliseconds;
}

/** As {@linkcode survive}, but a text that was slow gets more chances: other processes may have been at work. */
export function surviveInTime(text: string): void {
  let best = survive(text);
  for (let i = 0; i < 8 && best > LIMIT; i++) best = Math.min(best, survive(text));
  if (best > LIMIT) throw new Error(`Parsing and checking took ${best.toFixed(0)} ms`);
}
