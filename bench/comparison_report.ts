/**
 * The table and the drawing of what bench/comparison.ts found: `deno run -A bench/comparison_report.ts [FILE.jsonl ...]`
 * writes docs/comparison.svg and the part of docs/comparison.md between its markers.
 *
 * @module
 */
import { spreadOf } from "../runtime/evaluation/mod.ts";
import { chartToSvg, palette } from "../runtime/evaluation/plots/chart.ts";
import { defaultFile, type Finding, readFindings } from "./comparison.ts";
import { type ToyRow, toyRows } from "./toy.ts";

const docs = new URL("../docs/", import.meta.url).pathname;
const [begin, end] = ["<!-- figures -->", "<!-- end of figures -->"];

/** Median, least and greatest of all runs of a method at a row. */
interface Summary {
  readonly row: ToyRow;
  readonly method: string;
  readonly runs: number;
  readonly median: (of: keyof Finding) => number;
  readonly least: (of: keyof Finding) => number;
  readonly most: (of: keyof Finding) => number;
}

const files = Deno.args.length > 0 ? Deno.args : [defaultFile];
const findings = (await Promise.all(files.map(readFindings))).flat();
const summaries = toyRows.flatMap((row) => {
  const ofRow = findings.filter((finding) => finding.row === row.name);
  return [...Map.groupBy(ofRow, ({ method }) => method)].map(([method, runs]): Summary => {
    const spread = (of: keyof Finding) => spreadOf(runs.map((run) => run[of] as number));
    return {
      row,
      method,
      runs: runs.length,
      median: (of) => spread(of).value,
      least: (of) => spread(of).low,
      most: (of) => spread(of).high,
    };
  }).sort((a, b) => a.median("kl") - b.median("kl"));
});

const page = await Deno.readTextFile(`${docs}comparison.md`);
const [before, after] = [page.indexOf(begin) + begin.length, page.indexOf(end)];
const tables = toyRows.map((row) => tableOf(row, summaries.filter((of) => of.row === row)));
await Deno.writeTextFile(
  `${docs}comparison.md`,
  `${page.slice(0, before)}\n\n${tables.join("\n\n")}\n\n${page.slice(after)}`,
);
await Deno.writeTextFile(`${docs}comparison.svg`, await drawing(summaries));

function tableOf(row: ToyRow, summaries: readonly Summary[]): string {
  const lines = summaries.map((of) => {
    const { median, least, most, runs } = of;
    const range = (field: keyof Finding, digits: number) =>
      runs === 1
        ? median(field).toFixed(digits)
        : `${median(field).toFixed(digits)} (${least(field).toFixed(digits)}–${
          most(field).toFixed(digits)
        })`;
    const edges = least("edges") === most("edges")
      ? `${median("edges")}`
      : `${least("edges")}–${most("edges")}`;
    const kl = range("kl", 4);
    return [
      of.method,
      runs,
      edges,
      median("kl") <= row.kl ? `**${kl}**` : kl,
      range("metric", 3),
      range("exactMatch", 3),
      count(median("forward")),
      count(median("gradient")),
      median("cpu").toFixed(median("cpu") < 10 ? 1 : 0),
    ].join(" | ");
  });
  const published = [
    "*published Edge Pruning*",
    1,
    row.edges,
    row.kl.toFixed(4),
    "",
    row.exactMatch.toFixed(3),
    "",
    count(3000 * 32),
    "600–800 × 2 cores",
  ].join(" | ");
  return [
    `### ${row.task}, ${row.edges} edges`,
    "",
    "| method | runs | edges | test KL | metric | exact match | forward | gradient | CPU s |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...[...lines, published].map((line) => `| ${line} |`),
  ].join("\n");
}

/** Examples through passes, in thousands where there are many. */
function count(examples: number): string {
  return examples < 1000 ? String(examples) : `${Math.round(examples / 1000)}k`;
}

function drawing(summaries: readonly Summary[]): Promise<string> {
  const methods = [...new Set(summaries.map(({ method }) => method))].sort();
  // As many as have no divisor in common with the colours, so that no two methods look alike.
  const shapes = ["circle", "square", "triangle-up", "diamond", "cross"];
  const panel = (row: ToyRow) => `${row.task}, ${row.edges} edges`;
  const values = summaries.map(({ row, method, median, least, most }) => ({
    panel: panel(row),
    method,
    seconds: Math.max(0.1, median("cpu")),
    kl: median("kl"),
    low: least("kl"),
    high: most("kl"),
  }));
  const references = toyRows.map((row) => ({ panel: panel(row), published: row.kl }));
  const x = {
    field: "seconds",
    type: "quantitative",
    title: "seconds of computing",
    scale: { type: "log", nice: false, padding: 12 },
    axis: { format: "~g", values: [0.1, 1, 10, 100, 1000], grid: true },
  } as const;
  const y = {
    type: "quantitative",
    title: "test KL (nats)",
    scale: { type: "log", nice: false, padding: 10 },
    axis: { format: "~g", values: [0.0001, 0.001, 0.01, 0.1, 1, 10] },
  } as const;
  const byMethod = (range: readonly string[]) => ({
    field: "method",
    type: "nominal",
    title: null,
    legend: { labelLimit: 300 },
    scale: { domain: methods, range: methods.map((_, i) => range[i % range.length]) },
  });
  const [color, shape] = [byMethod(palette), byMethod(shapes)];
  return chartToSvg({
    title: {
      text: "What methods find on the toy, and how long they take",
      subtitle: "median of the seeds, bars from the least to the greatest; dashed: published run",
    },
    columns: 2,
    concat: toyRows.map((row) => ({
      title: { text: panel(row), fontSize: 12, fontWeight: "normal" },
      width: 300,
      height: 220,
      layer: [
        {
          data: { values: references.filter((each) => each.panel === panel(row)) },
          mark: { type: "rule", strokeDash: [5, 3], color: "#555555" },
          encoding: { y: { ...y, field: "published" } },
        },
        {
          data: { values: values.filter((each) => each.panel === panel(row)) },
          mark: { type: "rule", strokeWidth: 1.2 },
          encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
        },
        {
          data: { values: values.filter((each) => each.panel === panel(row)) },
          mark: { type: "point", filled: true, size: 55, opacity: 1 },
          encoding: { x, y: { ...y, field: "kl" }, color, shape },
        },
      ],
    })),
    // deno-lint-ignore no-explicit-any -- the type does not know that layers of a row may have data of their own
  } as any);
}
