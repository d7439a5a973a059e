/** The language's reference: one entry per word, and the ways to find one. @module */
import { GENERATORS } from "../../runtime/tasks/generators/table.ts";
import { devices } from "../../runtime/engine/devices.ts";
import { helpFor } from "../../base/help_line.ts";
import { COLUMNS } from "./columns.ts";
import { type Entry, entryText } from "./entry.ts";
import { FIELDS } from "./fields.ts";
import * as measures from "./measures.ts";
import { METHODS } from "./methods.ts";
import { CLAUSES, QUERIES, STATEMENTS } from "./statements.ts";

const GENERATOR_ENTRIES: readonly Entry[] = GENERATORS.map(({ name, about, options }) => ({
  word: name,
  kind: "generator",
  form: `generate ${name} with ${Object.keys(options)[0]} ${Object.values(options)[0].default}`,
  text: `${about}. Options: ${
    Object.entries(options).map(([option, allowed]) =>
      `\`${option}\` (${
        allowed.kind === "choice" ? allowed.values.join(", ") : `${allowed.least}..${allowed.most}`
      }, default ${allowed.default})`
    ).join("; ")
  }.`,
}));

const DEVICES: readonly Entry[] = Object.entries(devices).map(([word, { about }]) => ({
  word,
  kind: "device",
  form: `circ run FILE --device ${word}`,
  text: about,
}));

/** Every entry, in the order of the documentation. */
export const ENTRIES: readonly Entry[] = [
  ...STATEMENTS,
  ...FIELDS,
  ...METHODS,
  ...measures.TASK_METRICS,
  ...measures.CIRCUIT_METRICS,
  ...measures.METRIC_GROUPS,
  ...QUERIES,
  ...CLAUSES,
  ...COLUMNS,
  ...measures.CIRCUIT_FUNCTIONS,
  ...measures.NUMBER_FUNCTIONS,
  ...measures.METRIC_FUNCTIONS,
  ...measures.PROGRAM_FUNCTIONS,
  ...measures.PROGRAM_NAMES,
  ...measures.VALUE_FUNCTIONS,
  ...measures.PLOTS,
  ...GENERATOR_ENTRIES,
  ...DEVICES,
];

/** The entries for a word; a word may be several things. */
export function entriesFor(word: string): readonly Entry[] {
  return ENTRIES.filter((entry) => entry.word === word);
}

/** One entry, if there is one of these kinds; `of` narrows fields to a block. */
export function entryOf(
  word: string,
  kinds: readonly Entry["kind"][],
  of?: string,
): Entry | undefined {
  return ENTRIES.find((entry) =>
    entry.word === word && kinds.includes(entry.kind) && (of === undefined || entry.of === of)
  );
}

/**
 * The reference text of a word (`circ explain WORD`, `WORD?` at the prompt).
 *
 * @returns the text, or what to say when there is no such word
 */
export function explain(
  word: string,
): { readonly found: true; readonly text: string } | {
  readonly found: false;
  readonly text: string;
} {
  const entries = entriesFor(word.trim());
  if (entries.length > 0) return { found: true, text: entries.map(entryText).join("\n") };
  const words = [...new Set(ENTRIES.map((entry) => entry.word))];
  const longer = words.filter((each) => word !== "" && each.startsWith(word));
  const help = longer.length === 1
    ? `did you mean \`${longer[0]}\`?`
    : longer.length > 1
    ? helpFor(word, longer, "words that begin so are")
    : helpFor(word, words, "there are");
  return { found: false, text: `unknown word \`${word}\`${help ? `\nhelp: ${help}` : ""}\n` };
}
