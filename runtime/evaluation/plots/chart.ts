/** From a description of a chart to SVG text, without a browser and without the network. @module */
import { load } from "../../../base/load.ts";
import { printable } from "../../../base/printable.ts";
import type { TopLevelSpec } from "../../../base/packages/vega_lite.ts";

/** Colours that the colour-blind tell apart and that differ in lightness (Okabe & Ito 2008), black first. */
export const palette: readonly string[] = [
  "#000000",
  "#0072B2",
  "#D55E00",
  "#009E73",
  "#CC79A7",
  "#E69F00",
  "#56B4E9",
  "#7F7F7F",
];

/** Dashes go with the colours, so that lines differ in grey too. */
export const dashes: readonly (readonly number[])[] = [
  [1, 0],
  [6, 2],
  [2, 2],
  [8, 2, 2, 2],
  [4, 4],
  [10, 3],
  [1, 3],
  [6, 2, 1, 2, 1, 2],
];

/** A channel that tells lines apart by name, with one value of the channel for each. */
export const byName = <Value>(names: readonly string[], range: readonly Value[]) => ({
  field: "name",
  type: "nominal",
  scale: { domain: names, range },
  title: null,
});

const font = "Helvetica, Arial, 'Liberation Sans', sans-serif";

/** The look of all charts: dark on white, thin rules, sizes for a column of a page. */
const config = {
  background: "#ffffff",
  font,
  padding: 8,
  title: { fontSize: 14, fontWeight: "bold", anchor: "start", offset: 10, subtitleFontSize: 11 },
  axis: {
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    gridColor: "#e2e2e2",
    domainColor: "#444444",
    tickColor: "#444444",
  },
  legend: { labelFontSize: 11, titleFontSize: 11, titleFontWeight: "normal", symbolSize: 60 },
  header: { labelFontSize: 12, titleFontSize: 12 },
  view: { stroke: null },
} as const;

/** Draws a chart as SVG text. The same description gives the same text. */
export async function chartToSvg(spec: TopLevelSpec): Promise<string> {
  // Loaded when first needed: most runs draw nothing.
  const [vega, { compile }] = await Promise.all([
    load<typeof import("../../../base/packages/vega.ts")>(
      import.meta.resolve("../../../base/packages/vega.ts"),
    ),
    load<typeof import("../../../base/packages/vega_lite.ts")>(
      import.meta.resolve("../../../base/packages/vega_lite.ts"),
    ),
  ]);
  const { spec: compiled } = compile({ ...spec, config } as TopLevelSpec);
  vega.resetSVGDefIds();
  const view = new vega.View(vega.parse(compiled), { renderer: "none" });
  try {
    return printable(await view.toSVG()) + "\n";
  } finally {
    view.finalize();
  }
}
