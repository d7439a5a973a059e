/**
 * One entry of the language's reference. The same text is shown by `circ explain`, on hover, in
 * completion lists and in `docs/language.md`.
 *
 * @module
 */

export type EntryKind =
  | "statement"
  | "field"
  | "query"
  | "clause"
  | "operator"
  | "metric"
  | "method"
  | "function"
  | "column"
  | "plot"
  | "generator";

export interface Entry {
  readonly word: string;
  readonly kind: EntryKind;
  /** The kind of block that a field belongs to; what a column belongs to. */
  readonly of?: string;
  /** Syntax. */
  readonly form: string;
  /** Meaning: one or a few sentences. */
  readonly text: string;
  readonly unit?: string;
  readonly range?: string;
  readonly default?: string;
}

/** The entry as plain text: a heading, how it is written, what it means, and its values. */
export function entryText(entry: Entry): string {
  const facts = [
    entry.unit && `unit: ${entry.unit}`,
    entry.range && `range: ${entry.range}`,
    entry.default && `default: ${entry.default}`,
  ].filter(Boolean);
  return `${entry.word}: ${headingOf(entry)}\n\n  ${entry.form}\n\n${entry.text}\n` +
    (facts.length ? `\n${facts.join("\n")}\n` : "");
}

/** The same as Markdown, for editors. */
export function entryMarkdown(entry: Entry): string {
  const facts = [
    entry.unit && `Unit: ${entry.unit}.`,
    entry.range && `Range: ${entry.range}.`,
    entry.default && `Default: ${entry.default}.`,
  ].filter(Boolean);
  return `\`\`\`circ\n${entry.form}\n\`\`\`\n${entry.text}` +
    (facts.length ? `\n\n${facts.join(" ")}` : "");
}

function headingOf({ kind, of }: Entry): string {
  if (kind === "field") return `a field of ${/^[aeiou]/.test(of!) ? "an" : "a"} ${of}`;
  if (kind === "column") return `a column of ${of}`;
  if (kind === "plot") return "something to plot";
  return `a${/^[aeiou]/.test(kind) ? "n" : ""} ${kind}`;
}
