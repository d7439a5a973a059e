/** The reference as a part of the documentation. @module */
import { type Entry, factSentences } from "./entry.ts";
import { ENTRIES } from "./mod.ts";

const SECTIONS: readonly (readonly [title: string, of: (entry: Entry) => boolean])[] = [
  ["Statements", ({ kind }) => kind === "statement"],
  ...["model", "task", "corruption", "schedule", "circuit", "program"].map((block) =>
    [`Fields of \`${block}\``, ({ kind, of }: Entry) => kind === "field" && of === block] as const
  ),
  ["Methods", ({ kind }) => kind === "method"],
  ["Metrics", ({ kind }) => kind === "metric"],
  ["Queries and commands on circuits", ({ kind }) => kind === "query"],
  ["Parts of queries and expressions", ({ kind }) => kind === "clause" || kind === "operator"],
  ["Columns of `edges`", ({ kind, of }) => kind === "column" && of === "edges"],
  ["Columns of `nodes`", ({ kind, of }) => kind === "column" && of === "nodes"],
  ["Functions and names", ({ kind }) => kind === "function"],
  ["What can be plotted, besides metrics", ({ kind }) => kind === "plot"],
  ["Generators of prompts", ({ kind }) => kind === "generator"],
  ["Devices to compute on", ({ kind }) => kind === "device"],
];

export function referenceMarkdown(): string {
  return SECTIONS.map(([title, of]) => `### ${title}\n\n` + ENTRIES.filter(of).map(item).join("\n"))
    .join("\n\n");
}

function item(entry: Entry): string {
  const facts = factSentences(entry);
  return `- **\`${entry.word}\`** \`${entry.form}\`  \n  ${entry.text}${facts && ` *${facts}*`}`;
}
