/**
 * Mermaid, which Markdown viewers draw: a flowchart with one node per component and one arrow per edge, which says the input
 * that it arrives at and its score.
 *
 * ```text
 * flowchart BT
 *   tok["tok"]:::tok
 *   a0_h1["a0.h1"]:::head
 *   tok -->|"v 0.98"| a0_h1
 * ```
 *
 * @module
 */
import { fills, strokes } from "../drawing/palette.ts";
import { type Line, pictureOf } from "../drawing/picture.ts";
import { ablationOf, expressionOf } from "../provenance.ts";
import type { Circuit } from "../circuit.ts";
import type { CircuitForm, Exported } from "./form.ts";

/** A flowchart for Markdown. */
export const mermaid: CircuitForm = {
  name: "mermaid",
  of: "circuit",
  picture: true,
  endings: [".mmd"],
  about: "a flowchart for Mermaid",
  write: circuitToMermaid,
};

/** Most edges that are drawn, the strongest. */
const most = 400;
/** Most arrows that Mermaid draws with its default settings. */
const mostArrows = 500;

/**
 * Writes a circuit as a Mermaid flowchart; scores have three digits.
 *
 * @throws {CircuitError} for a circuit with more than 400 edges and no scores
 */
function circuitToMermaid(circuit: Circuit): Exported {
  const { boxes, lines, notes } = pictureOf(circuit, most);
  const ablation = ablationOf(circuit);
  const title = expressionOf(circuit) + (ablation === "interchange" ? "" : ` (under ${ablation})`);
  const kinds = [...new Set(boxes.map(({ kind }) => kind))];
  const inputs = [...new Set(lines.map(({ kind }) => kind))];
  return {
    text: [
      "---",
      // A JSON text is a YAML text, also with quotes and line breaks in it.
      `title: ${JSON.stringify(title)}`,
      "---",
      "flowchart BT",
      ...boxes.map(({ name, kind }) => `  ${idOf(name)}["${name}"]:::${kind}`),
      ...lines.map((line) => `  ${idOf(line.from)} -->${labelOf(line)} ${idOf(line.to)}`),
      ...kinds.map((kind) =>
        `  classDef ${kind} fill:${fills[kind].fill},stroke:${fills[kind].stroke},color:#000`
      ),
      ...inputs.map((kind) => {
        const numbers = lines.flatMap((line, i) => line.kind === kind ? [i] : []);
        return `  linkStyle ${numbers.join()} stroke:${strokes[kind]}`;
      }),
      "",
    ].join("\n"),
    losses: [
      "a drawing cannot be read back",
      ...notes,
      ...(lines.length > mostArrows
        ? [`${lines.length} arrows: Mermaid must be set up with a \`maxEdges\` above ${mostArrows}`]
        : []),
    ],
  };
}

/** Names of nodes in the text have no dots. */
const idOf = (name: string): string => name.replaceAll(".", "_");

function labelOf({ kind, score }: Line): string {
  const words = [
    ...(["q", "k", "v"].includes(kind) ? [kind] : []),
    ...(Number.isNaN(score) ? [] : [String(Number(score.toPrecision(3)))]),
  ];
  return words.length ? `|"${words.join(" ")}"|` : "";
}
