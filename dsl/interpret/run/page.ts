/**
 * A run's report: one page that any browser opens and a printer prints, with nothing that it would have to fetch.
 *
 * @module
 */
import {
  type Circuit,
  circuitToSvg,
  describeUniverse,
  escaped,
  renderText,
} from "../../../runtime/circuits/mod.ts";
import type { DiscoveryStep } from "../../../runtime/discovery/mod.ts";
import { isMetricName, metrics, type NamedMetric } from "../../../runtime/metrics/mod.ts";
import { trainingToSvg } from "../../../runtime/evaluation/mod.ts";
import { packageVersion } from "../../../base/version.ts";
import { circuitSummary } from "../show.ts";
import type { RunOutput, RunRecord } from "./record.ts";

export interface Report extends RunRecord {
  /** The script's name, and its text as it ran. */
  readonly name: string;
  readonly script: string;
  /** Places of expectations that did not hold. */
  readonly failed: readonly string[];
  /** The error that ended the run before its last statement. */
  readonly error?: string;
}

/** Circuits beyond these are listed and not drawn. */
const MOST_DRAWN = 12;
/** Edges of a drawing on a page. */
const MOST_EDGES = 200;
/** Fewer steps make no curve. */
const LEAST_STEPS = 20;

const style = `
  :root { color-scheme: light; }
  body { font: 16px/1.5 Georgia, 'Liberation Serif', serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff; }
  h1, h2, h3, nav, dl, table { font-family: Helvetica, Arial, 'Liberation Sans', sans-serif; }
  h1 { font-size: 1.6rem; margin-bottom: 0.2rem; }
  h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid #ccc; }
  h3 { font-size: 1rem; margin: 1.6rem 0 0.3rem; }
  pre { font: 13px/1.4 ui-monospace, Menlo, Consolas, 'Liberation Mono', monospace; background: #f6f6f4; padding: 0.6rem 0.8rem; overflow-x: auto; margin: 0.3rem 0 1rem; }
  pre.asked { background: none; padding: 0; margin: 1rem 0 0; color: #555; }
  dl { font-size: 0.85rem; display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; margin: 0.4rem 0; }
  dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; }
  figure { margin: 0.8rem 0; overflow-x: auto; }
  svg { max-width: 100%; height: auto; }
  .held { color: #1a5e20; } .not { color: #a11212; font-weight: bold; }
  @media print { body { margin: 0; max-width: none; font-size: 11pt; } pre { white-space: pre-wrap; } figure, pre { break-inside: avoid; } }
`;

/** The page as HTML text. The same run gives the same page, but for its seconds. */
export async function reportPage(report: Report): Promise<string> {
  const { name, script, outputs, circuits, steps, failed, error } = report;
  const notes = outputs.filter((each) => each.kind === "note").map(({ text }) => text);
  const outcome = error !== undefined
    ? `<p class="not">The run ended early: ${escaped(error)}</p>`
    : failed.length > 0
    ? `<p class="not">Not as expected: ${escaped(failed.join(", "))}</p>`
    : "";
  const results = outputs.map(resultOf).join("");
  const found: string[] = [];
  for (const [label, circuit] of circuits) {
    found.push(await circuitSection(label, circuit, steps.get(label) ?? [], found.length));
  }
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(name)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(name)}</h1>
<p>Written by circ ${packageVersion}.</p>
${outcome}
${results && `<h2>Results</h2>\n${results}`}
${found.length > 0 ? `<h2>Circuits</h2>\n${found.join("")}` : ""}
<h2>Script</h2>
<pre>${escaped(script)}</pre>
${notes.length > 0 ? `<h2>Notes</h2>\n<pre>${escaped(notes.join("\n"))}</pre>` : ""}
</body>
</html>
`;
}

function resultOf(each: RunOutput): string {
  if (each.kind === "note") {
    const held = /^as expected: /.test(each.text);
    if (!held && !/: not as expected: /.test(each.text)) return "";
    return `<p class="${held ? "held" : "not"}">${escaped(each.text)}</p>\n`;
  }
  const asked = each.of === undefined ? "" : `<pre class="asked">${escaped(each.of)}</pre>\n`;
  const shown = each.kind === "table" ? renderText(each.table).trimEnd() : each.text;
  return `${asked}<pre>${escaped(shown)}</pre>\n`;
}

async function circuitSection(
  label: string,
  circuit: Circuit,
  steps: readonly DiscoveryStep[],
  place: number,
): Promise<string> {
  const { universe, provenance, edges } = circuit;
  const { model, task, corruption, seed, provider, options = {} } = provenance;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["model", model && `${model.name}, ${model.hash.slice(0, 12)}`],
    ["universe", describeUniverse(universe)],
    ["task", task && `${task}${corruption ? ` corrupted by ${corruption}` : ""}`],
    ["seed", seed?.toString()],
    ["computed on", provider],
    ["options", Object.entries(options).map(([option, value]) => `${option} ${value}`).join(", ")],
    ["seconds", steps.at(-1)?.seconds.toFixed(1)],
  ];
  const rows = facts.filter(([, value]) => value)
    .map(([term, value]) => `<dt>${term}</dt><dd>${escaped(value!)}</dd>`).join("");
  const why = edges.length === 0
    ? "it has no edges"
    : edges.length > MOST_EDGES
    ? `it has more than ${MOST_EDGES} edges`
    : place >= MOST_DRAWN
    ? `the page shows the first ${MOST_DRAWN}`
    : undefined;
  const drawings: string[] = [];
  if (steps.length >= LEAST_STEPS && place < MOST_DRAWN) {
    const { name } = steps[0].objective;
    drawings.push(
      await trainingToSvg({
        points: steps.map((step) => ({ ...step, loss: step.objective.value })),
        loss: (isMetricName(name) ? (metrics[name] as NamedMetric).label : undefined) ?? name,
      }),
    );
  }
  if (why === undefined) {
    drawings.push(await circuitToSvg(circuit, { title: label }));
  }
  const missing = why === undefined ? "" : `<p>The circuit is not drawn: ${why}.</p>\n`;
  return `<h3>${
    escaped(`${label}: ${circuitSummary(circuit)}`)
  }</h3>\n<dl>${rows}</dl>\n${missing}` +
    drawings.map((svg) => `<figure>${svg.replace(/^<\?xml[^>]*\?>\s*/, "")}</figure>\n`).join("");
}
