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
  | "generator"
  | "device";

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

/** Entries from the syntax of each, which begins with its word, and the meaning; `facts` adds to some, by word. */
export function entriesOf(
  common: Pick<Entry, "kind" | "of">,
  meanings: Readonly<Record<string, string>>,
  facts: Readonly<Record<string, Partial<Entry>>> = {},
): readonly Entry[] {
  return Object.entries(meanings).map(([form, text]) => {
    const [word] = /^\w+/.exec(form)!;
    return { word, ...common, form, text, ...facts[word] };
  });
}

const factsOf = ({ unit, range, default: standard }: Entry): (readonly [string, string])[] =>
  Object.entries({ unit, range, default: standard })
    .flatMap(([name, value]) => value ? [[name, value] as const] : []);

/** The same as sentences: `Unit: examples. Range: whole numbers from 0.` */
export const factSentences = (entry: Entry): string =>
  factsOf(entry).map(([name, value]) => `${name[0].toUpperCase()}${name.slice(1)}: ${value}.`)
    .join(" ");

/** The entry as plain text: a heading, how it is written, what it means, and its values. */
export function entryText(entry: Entry): string {
  const facts = factsOf(entry).map(([name, value]) => `${name}: ${value}`);
  return `${entry.word}: ${headingOf(entry)}\n\n  ${entry.form}\n\n${entry.text}\n` +
    (facts.length ? `\n${facts.join("\n")}\n` : "");
}

/** The same as Markdown, for editors. */
export function entryMarkdown(entry: Entry): string {
  const facts = factSentences(entry);
  return `\`\`\`circ\n${entry.form}\n\`\`\`\n${entry.text}` + (facts && `\n\n${facts}`);
}

function headingOf({ kind, of = "" }: Entry): string {
  const article = (word: string) => /^[aeiou]/.test(word) ? "an" : "a";
  if (kind === "field") return `a field of ${article(of)} ${of}`;
  if (kind === "column") return `a column of ${of}`;
  if (kind === "plot") return "something to plot";
  return `${article(kind)} ${kind}`;
}
